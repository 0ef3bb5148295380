package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Exporter brings a copy of an RFO to one kind of place and says where it is then.
// Errors are *outbound.Failure. It is called again after a lost reply, and then
// must find out by itself what became of the first attempt.
type Exporter interface {
	Export(ctx context.Context, p outbound.Paper) (place string, err error)
}

// Exports are the places that published RFOs are brought to.
type Exports struct {
	To map[string]Exporter // by target
	// Paper makes a revision as it leaves. from says in words where edits are that
	// Paper.Take takes back.
	Paper    func(ctx context.Context, id incident.ID, revision int, from string) (outbound.Paper, error)
	Tracking Tracking
}

// MetaUnavailable is what the keys begin with that say why a target of exports is not
// offered to this installation.
const MetaUnavailable = "export.unavailable."

// exportTimeout bounds one attempt; River ends a job after a minute.
const exportTimeout = 50 * time.Second

// export hands an export to a worker of its own.
func (c *carried) export(ctx context.Context) (string, error) {
	return c.handOver(ctx, "the export", bot.ExportArgs{Incident: c.id, Target: c.e.Step.Way, Number: c.e.Step.Number, Op: c.e.ID, At: c.e.At})
}

// exportWorker brings copies of RFOs elsewhere.
type exportWorker struct {
	river.WorkerDefaults[bot.ExportArgs]
	w *Workers
}

// Work brings a copy of a published revision to its target. What goes wrong is told
// once in the channel, after a while; it is tried for a day.
func (e *exportWorker) Work(ctx context.Context, job *river.Job[bot.ExportArgs]) error {
	w, a := e.w, job.Args
	ctx, cancel := context.WithTimeout(ctx, exportTimeout)
	defer cancel()
	done, err := e.attempt(ctx, a)
	f := outbound.FailureOf(err)
	if f != nil && f.End == outbound.Refused && f.Code == outbound.Unavailable {
		w.counts.note(f)
		w.Log.InfoContext(ctx, "an export is not offered here", slog.String("target", a.Target), slog.String("why", f.Fix))
		return e.remark(ctx, a.Target, f.Fix)
	}
	if f == nil {
		if err := e.remark(ctx, a.Target, ""); err != nil {
			return err
		}
	}
	return w.ended(ctx, elsewhere{
		id: a.Incident, place: "export/" + a.Target, since: a.At, about: slog.Int("revision", a.Number),
		failed: func(reason string, final bool) incident.Command {
			return incident.FailExport{Target: a.Target, Revision: a.Number, Reason: reason, Final: final}
		},
	}, done, err)
}

// attempt tries once; nothing is to be learned when there is nowhere to bring it.
func (e *exportWorker) attempt(ctx context.Context, a bot.ExportArgs) (done incident.Command, err error) {
	w := e.w
	to, ok := w.Exports.To[a.Target]
	if !ok {
		return nil, nil // it is not configured any more
	}
	var inc *incident.Incident
	err = w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		inc, err = r.RawIncident(a.Incident)
		return err
	})
	if err != nil {
		return nil, &outbound.Failure{End: outbound.NotDone, Step: "read the incident", Err: err}
	}
	if inc.Review.PublishedRevision() > a.Number {
		return nil, nil // a newer one goes there
	}
	p, err := w.Exports.Paper(ctx, a.Incident, a.Number, "the copy in "+a.Target)
	if err != nil {
		return nil, &outbound.Failure{End: outbound.NotDone, Step: "write the RFO", Err: err}
	}
	p.Op, p.Channel, p.Last = a.Op, inc.Channel.ID, inc.Review.Paper.Copy(a.Target).Place
	place, err := to.Export(ctx, p)
	if err != nil || place == "" {
		return nil, err
	}
	return incident.NoteExport{Target: a.Target, Revision: a.Number, Place: place}, nil
}

// remark keeps why a target is not offered to this installation, for doctor; "" that
// it is.
func (e *exportWorker) remark(ctx context.Context, target, why string) error {
	var known string
	err := e.w.Store.Read(ctx, func(r *storage.Reader) (err error) {
		known, err = r.Meta(MetaUnavailable + target)
		return err
	})
	if err != nil && !storage.IsNotFound(err) {
		return snooze(firstWait)
	}
	if known == why {
		return nil
	}
	if err := e.w.Store.Write(ctx, func(tx *storage.Tx) error { return tx.SetMeta(MetaUnavailable+target, why) }); err != nil {
		return snooze(firstWait)
	}
	return nil
}

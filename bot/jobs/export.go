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

const (
	// exportTimeout bounds one attempt; River ends a job after a minute.
	exportTimeout = 50 * time.Second
	// exportPatience is how long an export fails before it is told of, so that a
	// short trouble over there bothers nobody; from exportSlow on it is tried every
	// exportRest only.
	exportPatience = 10 * time.Minute
	exportSlow     = time.Hour
	exportRest     = 10 * time.Minute
)

// export hands an export to a worker of its own: a place that hangs must not keep
// what else the incident has to say.
func (c *carried) export(ctx context.Context) (string, error) {
	args := bot.ExportArgs{Incident: c.id, Target: c.e.Step.Way, Number: c.e.Step.Number, Op: c.e.ID, At: c.e.At}
	if err := c.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Enqueue(args, nil) }); err != nil {
		return "", &outbound.Failure{End: outbound.NotDone, Step: "hand the export over", Code: "database", Err: err}
	}
	return "handed over", nil
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
	peer := a.Incident + "/export/" + incident.ID(a.Target)
	ctx, cancel := context.WithTimeout(ctx, exportTimeout)
	defer cancel()
	done, err := e.attempt(ctx, a)
	f := outbound.FailureOf(err)
	w.counts.note(f)
	if f != nil && f.End == outbound.Refused && f.Code == outbound.Unavailable {
		w.Log.InfoContext(ctx, "an export is not offered here", slog.String("target", a.Target), slog.String("why", f.Fix))
		return e.remark(ctx, a.Target, f.Fix)
	}
	if f == nil {
		w.failures.clear(peer)
		if err := e.remark(ctx, a.Target, ""); err != nil {
			return err
		}
		if done != nil {
			return e.learn(ctx, a, done)
		}
		return nil
	}
	w.Log.WarnContext(ctx, "an export did not succeed", slog.String("incident", string(a.Incident)), slog.String("target", a.Target), slog.Any("error", f))
	age := w.Clock.Now().Sub(a.At)
	told := incident.FailExport{Target: a.Target, Revision: a.Number, Reason: exportReason(f), Final: f.End == outbound.Refused || age > giveUpAfter}
	if told.Final {
		w.failures.clear(peer)
	}
	if told.Final || age > exportPatience {
		if err := e.learn(ctx, a, told); err != nil || told.Final {
			return err
		}
	}
	wait := max(f.Wait, w.failures.next(peer))
	if age > exportSlow {
		wait = max(wait, exportRest)
	}
	return snooze(wait)
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

// learn has the domain learn what became of an export; a refusal means that it
// knows. What could not be stored is tried again as a whole.
func (e *exportWorker) learn(ctx context.Context, a bot.ExportArgs, cmd incident.Command) error {
	err := e.w.Decider.Do(context.WithoutCancel(ctx), a.Incident, cmd)
	if err == nil || isRefusal(err) {
		return nil
	}
	e.w.Log.ErrorContext(ctx, "what became of an export was not stored and is tried again", slog.Any("error", err))
	return snooze(firstWait)
}

// exportReason says why in words of our own: an error may quote what is secret.
func exportReason(f *outbound.Failure) string {
	switch {
	case f.Fix != "":
		return f.Fix
	case f.Code != "":
		return "it was answered with " + f.Code + "."
	default:
		return "it could not be reached."
	}
}

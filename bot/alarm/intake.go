package alarm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Alarm is one message about an alarm, as it came in.
type Alarm struct {
	// Deliveries are the ids that the sender gave the message; when one of them was
	// seen before, however long ago, the message changes nothing. None for a
	// message that may be taken twice: its report then stands on the timeline twice.
	Deliveries []bot.Delivery
	Report     incident.AlarmReport
	Responders []bot.Responder // to whom the alarm was given over there
	// Recurs says that the report's id is that of what goes off, not of one time that
	// it did. The intake then says which time it is.
	Recurs   bool
	Severity int // of an incident that is opened, unless the rule says; 0 for the configured one
}

// Options are what an intake needs.
type Options struct {
	Bot   *bot.Service
	Rules Rules
	Log   *slog.Logger
	// Taken is told of every message that was new, for metrics; nil for nobody.
	Taken func(source string, do Action)
}

// Intake is the one door for alarms. It is safe for concurrent use.
type Intake struct{ Options }

// New returns an intake.
func New(o Options) *Intake {
	if o.Taken == nil {
		o.Taken = func(string, Action) {}
	}
	return &Intake{o}
}

// ErrUnnamed refuses a report without a source, an id or a time: the sender has
// to be told or the message stored for inspection, and sending it again is useless.
var ErrUnnamed = errors.New("the report of an alarm has no source, no id or no time")

// Take takes a message in. Without an error it is on disk, and what follows from
// it happens; ErrUnnamed means that it will never be taken, any other error that
// it has to be sent again.
func (i *Intake) Take(ctx context.Context, a Alarm) error {
	if a.Report.Ref.Source == "" || a.Report.Ref.ID == "" || a.Report.At.IsZero() {
		return ErrUnnamed
	}
	a.Report = a.Report.Tidy()
	// Where the call would come from is asked outside the transaction. Without a
	// provider that has a link an incident is opened without.
	t := taking{Intake: i, given: a, id: incident.ID(i.Bot.NewID()), plan: i.Bot.Calls.Plan(calls.Ask{})}
	if err := i.Bot.Store.Write(ctx, t.take); err != nil {
		return fmt.Errorf("take an alarm of %s: %w", a.Report.Ref.Source, err)
	}
	if t.did != "" {
		i.Taken(a.Report.Ref.Source, t.did)
		i.Log.InfoContext(ctx, "took an alarm in", "source", a.Report.Ref.Source, "what", string(a.Report.Kind),
			"did", string(t.did), "rule", t.rule)
	}
	return nil
}

// taking is one message being taken in. take may run several times.
type taking struct {
	*Intake
	given Alarm
	alarm Alarm       // as this run has it
	id    incident.ID // of the incident that this may open
	plan  calls.Plan  // of its call

	did  Action // "" for a message that was seen before
	rule string
}

func (t *taking) take(tx *storage.Tx) error {
	t.did, t.rule, t.alarm = "", "", t.given
	if again, err := t.seen(tx); err != nil || again {
		return err
	}
	if t.alarm.Recurs {
		if again, err := t.recurring(tx); err != nil || again {
			return err
		}
	}
	row, known, err := tx.Alarm(t.alarm.Report.Ref)
	if err != nil {
		return err
	}
	if known && row.Incident != "" {
		t.did = Attach
		return t.Bot.Report(tx, row.Incident, t.alarm.Report, t.alarm.Responders)
	}
	row.Ref = t.alarm.Report.Ref
	held, err := bot.Held(row)
	if err != nil {
		return err
	}
	held.Add(t.alarm.Report, t.alarm.Responders)
	return t.weigh(tx, row, held)
}

// seen notes the message's ids, and says whether one of them was there already.
func (t *taking) seen(tx *storage.Tx) (again bool, err error) {
	return t.note(tx, t.alarm.Deliveries, "")
}

// note notes ids under which a message was delivered. kept goes to the last of them.
func (i *Intake) note(tx *storage.Tx, deliveries []bot.Delivery, kept string) (again bool, err error) {
	for n, d := range deliveries {
		if d.ID == "" {
			continue
		}
		_, there, err := tx.Earlier(d.Source, d.ID)
		if err != nil {
			return false, err
		}
		if there {
			again = true
			continue
		}
		row := storage.Delivery{Source: d.Source, ID: d.ID, At: i.Bot.Clock.Now()}
		if n == len(deliveries)-1 {
			row.Answer = kept
		}
		if err := tx.SaveDelivery(row); err != nil {
			return false, err
		}
	}
	return again, nil
}

// weigh does what the rules say of an alarm that belongs to no incident.
func (t *taking) weigh(tx *storage.Tx, row storage.Alarm, held bot.HeldAlarm) error {
	a := held.Alarm()
	rule := t.Rules.For(a)
	t.rule, t.did = rule.Name, rule.Do
	held.Plan = bot.AlarmPlan{Rule: rule.Name, Severity: cmp.Or(rule.Severity, t.alarm.Severity), Invite: rule.Invite, Tasks: rule.Tasks}
	if held.Ignored || !telling(held) {
		t.did = Ignore
	}
	switch t.did {
	case Open:
		return t.open(tx, rule, row, held)
	case Attach:
		inc, err := t.running(tx, a)
		if err == nil && inc != nil {
			return t.Bot.Adopt(tx, inc, row, held)
		}
		if err != nil {
			return err
		}
	case Suggest:
		return t.suggest(tx, row, held)
	case Ignore:
	}
	_, err := held.Hold(tx, row)
	return err
}

// telling says that enough is known of an alarm: a report that names it and is not
// of its end. Of what is only known to be over nobody needs to hear, unless an
// older report follows.
func telling(h bot.HeldAlarm) bool {
	return slices.ContainsFunc(h.Reports, func(r incident.AlarmReport) bool {
		return r.Kind != incident.AlarmResolved && r.Facts.Title != ""
	})
}

// suggest has the announcement channel asked, once, unless the alarm is over.
func (t *taking) suggest(tx *storage.Tx, row storage.Alarm, held bot.HeldAlarm) error {
	ask := !held.Suggested && held.Alarm().State() != incident.Quiet
	held.Suggested = held.Suggested || ask
	row, err := held.Hold(tx, row)
	if err != nil || !ask {
		return err
	}
	return tx.Enqueue(bot.SuggestArgs{Alarm: row.ID, At: t.Bot.Clock.Now()}, nil)
}

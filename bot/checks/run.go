package checks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	// look is how often it is looked which checks are due, on Rollcall's clock.
	look = time.Second
	// atOnce bounds how many checks one process runs at a time.
	atOnce = 10
	// spread is the part of its interval by which a check may be later, so that those
	// of one interval do not all go out in the same second.
	spread = 10
)

// Options are what a runner works with.
type Options struct {
	Checks []Check
	Store  *storage.Store
	Clock  clock.Clock
	// Take is the door for alarms.
	Take func(context.Context, alarm.Alarm) error
	// Try looks at a check's address, and says what is wrong; "" for nothing.
	Try func(context.Context, Check) string
	// Jitter is a random time from nothing up to a limit, not included.
	Jitter func(limit time.Duration) time.Duration
	Log    *slog.Logger
}

// Runner runs checks.
type Runner struct {
	Options

	known map[string]Check
	slots chan struct{}
}

// New returns a runner.
func New(o Options) *Runner {
	r := &Runner{Options: o, known: map[string]Check{}, slots: make(chan struct{}, atOnce)}
	for _, c := range o.Checks {
		r.known[c.Name] = c
	}
	return r
}

// Run runs checks until ctx ends.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.adopt(ctx); err != nil {
		return err
	}
	if len(r.Checks) == 0 {
		<-ctx.Done()
		return ctx.Err()
	}
	var under sync.WaitGroup
	defer under.Wait()
	for {
		if err := r.round(ctx, &under); err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "could not look which checks are due", slog.Any("error", err))
		}
		if err := r.Clock.Sleep(ctx, look); err != nil {
			return err
		}
	}
}

// adopt gives new checks a row, and drops those of checks that are gone. What one
// of these has raised is said to be over: nobody would ever say so again.
func (r *Runner) adopt(ctx context.Context) error {
	var gone []storage.CheckState
	err := r.Store.Write(ctx, func(tx *storage.Tx) error {
		gone = nil
		states, err := tx.CheckStates()
		if err != nil {
			return err
		}
		for _, s := range states {
			if _, ok := r.known[s.Name]; !ok {
				gone = append(gone, s)
			}
		}
		now := r.Clock.Now()
		for _, c := range r.Checks {
			if err := tx.AddCheck(c.Name, now.Add(r.Jitter(min(c.Every, spread*look)))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note the checks: %w", err)
	}
	for _, s := range gone {
		if s.Alarm != "" {
			if err := r.Take(ctx, r.over(Check{Name: s.Name}, s, "the check was removed")); err != nil {
				return fmt.Errorf("end the alarm of a check that is gone: %w", err)
			}
		}
		if err := r.Store.Write(ctx, func(tx *storage.Tx) error { return tx.DropCheck(s.Name) }); err != nil {
			return fmt.Errorf("drop a check that is gone: %w", err)
		}
	}
	return nil
}

// round starts what is due, as far as there is room; the rest stays due.
func (r *Runner) round(ctx context.Context, under *sync.WaitGroup) error {
	now := r.Clock.Now()
	var states []storage.CheckState
	err := r.Store.Read(ctx, func(rd *storage.Reader) (err error) {
		states, err = rd.CheckStates()
		return err
	})
	if err != nil {
		return err
	}
	for _, s := range states {
		c, known := r.known[s.Name]
		// A time further ahead than an interval was given before our clock was set back.
		ahead := s.Next.After(now) && !s.Next.After(now.Add(c.Every+c.Every/spread))
		if !known || ahead {
			continue
		}
		select {
		case r.slots <- struct{}{}:
		default:
			return nil
		}
		taken, err := r.take(ctx, c, s, now)
		if err != nil || !taken {
			<-r.slots
			if err != nil {
				return err
			}
			continue
		}
		under.Go(func() {
			defer func() { <-r.slots }()
			r.one(ctx, c, now)
		})
	}
	return nil
}

// take moves a check on to its next time; taken is false when another replica did.
func (r *Runner) take(ctx context.Context, c Check, s storage.CheckState, now time.Time) (taken bool, err error) {
	next := now.Add(c.Every + r.Jitter(max(c.Every/spread, 1)))
	due := now
	if s.Next.After(due) {
		due = s.Next
	}
	err = r.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		taken, err = tx.TakeCheck(c.Name, due, next)
		return err
	})
	return taken, err
}

// one runs a check and does what follows from it.
func (r *Runner) one(ctx context.Context, c Check, began time.Time) {
	why := r.Try(ctx, c)
	if ctx.Err() != nil {
		return // it was we who stopped
	}
	if err := r.settle(ctx, c, began, why); err != nil && ctx.Err() == nil {
		r.Log.ErrorContext(ctx, "what a check found was not stored; it is looked at again in its next turn", slog.String("check", c.Name), slog.Any("error", err))
	}
}

// settle stores how a check ended, and tells of what begins or ends with it. The
// alarm's id is stored first and what was told afterwards, so that a crash between
// leads to telling it again, under ids by which it counts once.
func (r *Runner) settle(ctx context.Context, c Check, began time.Time, why string) error {
	var s storage.CheckState
	err := r.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		if s, err = tx.CheckState(c.Name); err != nil {
			return err
		}
		s.Last, s.Result = r.Clock.Now(), why
		if why == "" {
			s.Failures = 0
			if s.Alarm == "" {
				s.Since = time.Time{}
			}
			return tx.SaveCheck(s)
		}
		if s.Failures++; s.Since.IsZero() {
			s.Since = began
		}
		if s.Failures >= c.Failures && s.Alarm == "" {
			s.Alarm, s.Told = c.Name+"@"+strconv.FormatInt(s.Since.Unix(), 10), false
		}
		return tx.SaveCheck(s)
	})
	if err != nil || s.Alarm == "" || why != "" && s.Told {
		return err
	}
	a := r.over(c, s, "")
	if why != "" {
		a = r.raised(c, s)
	}
	if err := r.Take(ctx, a); err != nil && !errors.Is(err, alarm.ErrUnnamed) {
		return fmt.Errorf("tell of it: %w", err)
	}
	return r.told(ctx, s, why == "")
}

// told notes that the beginning of an alarm was told, or its end.
func (r *Runner) told(ctx context.Context, of storage.CheckState, over bool) error {
	return r.Store.Write(ctx, func(tx *storage.Tx) error {
		s, err := tx.CheckState(of.Name)
		if err != nil || s.Alarm != of.Alarm {
			return err
		}
		s.Told = true
		if over {
			s.Alarm, s.Told = "", false
			if s.Failures == 0 {
				s.Since = time.Time{}
			}
		}
		return tx.SaveCheck(s)
	})
}

// raised is the alarm of a check that fails.
func (r *Runner) raised(c Check, s storage.CheckState) alarm.Alarm {
	a := r.report(c, s, incident.AlarmTriggered)
	a.Report.Began, a.Report.Text, a.Severity = s.Since, s.Result, c.Severity
	return a
}

// over is its end.
func (r *Runner) over(c Check, s storage.CheckState, why string) alarm.Alarm {
	a := r.report(c, s, incident.AlarmResolved)
	a.Report.Text = why
	return a
}

func (r *Runner) report(c Check, s storage.CheckState, kind incident.AlarmKind) alarm.Alarm {
	facts := incident.AlarmFacts{Title: Title(c.Name), Service: c.Service, URL: c.Place()}
	if c.Severity > 0 {
		facts.Urgency = "sev" + strconv.Itoa(c.Severity)
	}
	return alarm.Alarm{
		Deliveries: []bot.Delivery{{Source: "alert." + incident.AlarmSynthetic, ID: s.Alarm + "/" + string(kind)}},
		Report:     incident.AlarmReport{Ref: incident.AlarmRef{Source: incident.AlarmSynthetic, ID: s.Alarm}, Kind: kind, At: r.Clock.Now(), Facts: facts},
	}
}

// Title is that of a check's alarm.
func Title(name string) string { return name + " fails" }

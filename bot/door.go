package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Options are what the conversation needs.
type Options struct {
	Store *storage.Store
	Book  *say.Book
	Calls calls.Chain
	// CallBlock shows each call as Slack's own block too, for which Slack wants a scope more.
	CallBlock bool
	Policy    *incident.Policy
	Clock     clock.Clock
	NewID     func() string // a UUID at each call
	Log       *slog.Logger
	Phones    []Phone // whom to call when nobody can be paged
	// Executives are Slack ids and e-mail addresses of who gets every update and
	// has to choose about old actions.
	Executives []string
	// RollbackBy are Slack ids and e-mail addresses of who may run rollback hooks.
	RollbackBy []string
	// Exports are where published RFOs go besides their file and their channel.
	Exports []string
	// Tracker says that each action gets an issue.
	Tracker bool
	// Health says in one sentence what is wrong with a peer right now ("Slack is
	// refusing calls since 14:02; …"), or nothing. It must not wait.
	Health func() (incident.Say, bool)
	// Off lists what is switched off at this moment; nil when nothing can be. It
	// must not wait for a network.
	Off func(context.Context) []toggle.Feature
	// Warn brings an answer that says "NOT saved" to whoever pressed a button or
	// mentioned Rollcall: Slack shows them nothing of the response, and no job can
	// be stored. It is tried once, beside the answer. nil for no such surface.
	Warn func(context.Context, ReplyTo, Answer)
	// OpenForm opens a form for whoever just pressed or typed something; nil where
	// there are none.
	OpenForm func(ctx context.Context, trigger string, f Form) error
	// UpdateForm draws a form that is open anew, and keeps what is typed in it; view
	// is Slack's id of it. nil where there are none.
	UpdateForm func(ctx context.Context, view string, f Form) error
}

// warnTimeout bounds Warn.
const warnTimeout = 5 * time.Second

// Phone is a number that works when nothing else does.
type Phone struct{ Name, Number string }

// Service is the conversation. It is safe for concurrent use.
type Service struct {
	Options
	table *table
	forms map[string]form

	changes  atomic.Int64 // decisions that were to be stored
	zones    sync.Map     // name to *time.Location: reading a zone is slow
	presence presence
	robots   robots
	links    *Links // nil while nobody can be given one

	before, due []incident.Due // of the decision that is being stored; the writer's only
}

// New returns the conversation.
func New(o Options) *Service {
	return &Service{Options: o, table: newTable(rows), forms: newForms()}
}

// Handle answers one request. Whatever happens, there is an answer, and an
// answer of Kind Done was on disk before it was given.
func (s *Service) Handle(ctx context.Context, req Request) Answer {
	began := s.Clock.Now()
	a := s.handle(ctx, req)
	if a.Kind == NotSaved && req.ReplyTo != nil && s.Warn != nil {
		go s.warn(context.WithoutCancel(ctx), *req.ReplyTo, a)
	}
	if notedPresence(a) {
		go s.see(context.WithoutCancel(ctx), req.From.Channel, req.From.User)
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "answered", slog.String("surface", req.Surface), slog.String("kind", string(a.Kind)),
		slog.Duration("took", s.Clock.Now().Sub(began)))
	return a
}

func (s *Service) warn(ctx context.Context, to ReplyTo, a Answer) {
	ctx, cancel := context.WithTimeout(ctx, warnTimeout)
	defer cancel()
	s.Warn(ctx, to, a)
}

func (s *Service) handle(ctx context.Context, req Request) Answer {
	var bound *incident.Bound
	if req.Offer != "" {
		var err error
		if req, bound, err = s.pressed(ctx, req); err != nil {
			return s.oldButton(req, err)
		}
	}
	if req.Form != nil {
		return s.sent(ctx, req)
	}
	if req.onAMessage() {
		return s.onMessage(ctx, req)
	}
	r := s.table.read(req.line())
	r.bound = bound
	if req.From.Robot != nil && !s.robotMay(req, r) {
		return Answer{Kind: Silent}
	}
	if f, ok := s.formOf(req, r); ok {
		return s.ask(ctx, req, r, f)
	}
	if r.row != nil && r.row.Change != nil {
		return s.change(ctx, req, r)
	}
	return s.show(ctx, req, r)
}

// Do has Rollcall itself decide a command: a clock that is due, a worker that
// learned something. A refusal is an *incident.Error.
func (s *Service) Do(ctx context.Context, id incident.ID, cmd incident.Command) error {
	stamp := incident.Stamp{
		At: s.Clock.Now(), Actor: incident.System, Command: incident.CommandID(s.NewID()), Surface: "clock",
	}
	return s.Store.Write(ctx, func(tx *storage.Tx) error {
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		_, err = s.decide(tx, inc, cmd, stamp, s.self())
		if fire, ok := cmd.(incident.Fire); ok && err == nil {
			err = s.keepDue(tx, inc, fire.Due, stamp.At)
		}
		return err
	})
}

// keepDue stores a moment again that fired too early: its row is gone, but the
// state still asks for it, later. So it is after the practice was configured
// anew, and when the clock was set back.
func (s *Service) keepDue(tx *storage.Tx, inc *incident.Incident, fired incident.Due, now time.Time) error {
	for _, d := range incident.Dues(inc, s.practice(tx.Reader)) {
		if d.Kind != fired.Kind || d.Key != fired.Key || !d.At.After(now) {
			continue
		}
		had, err := tx.Dues(inc.ID)
		if err != nil {
			return err
		}
		return tx.SetDues(inc.ID, append(had, d))
	}
	return nil
}

// self is Rollcall as an actor.
func (s *Service) self() incident.Person {
	return incident.Person{ID: incident.System, Zone: s.Policy.Zone, Full: true}
}

// refusal is the domain's refusal inside err, if that is what it is.
func refusal(err error) (*incident.Error, bool) {
	var e *incident.Error
	return e, errors.As(err, &e)
}

package jobs

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/toggle"
	"github.com/rollcall-bot/rollcall/incident"
)

const (
	// pagePatience is how long a page is tried. Whom to phone has been said at the
	// first failure; somebody who is woken much later is woken for nothing.
	pagePatience = 10 * time.Minute
	// secondLook is after how long a page that is certainly not there is left to the
	// second way: before that the first is tried once more.
	secondLook = 5 * time.Second
)

// Why a page did not go out, as incident.FailPage names it.
const (
	whyUnknown     = "unknown" // nobody over there has the person's address
	whyRefused     = "refused"
	whyUnreachable = "unreachable"
	whyUnclear     = "unclear"
	whyOver        = "over"
	whyRestored    = "restored" // the database was put back since; a person decides
)

// wakeUp pages somebody, in one way or the other. The result is the way that was
// begun last: once an event may have been sent, an incident of the same page would
// be a second one.
func (c *carried) wakeUp(ctx context.Context) (string, error) {
	p, ok := c.inc.Board.Page(c.e.Step.Number)
	if !ok || !p.Waiting() {
		return c.e.Result, nil
	}
	if c.Pager == nil {
		return "", c.decide(ctx, incident.FailPage{Number: p.Number, Reason: whyRefused, Final: true})
	}
	if !c.again && !c.On(ctx, toggle.Paging) {
		return "", c.pagesNobody(ctx, p)
	}
	ask := c.ask(p)
	why, err := c.tooLate(ctx, p)
	if err != nil {
		return c.e.Result, err
	}
	if why != "" {
		return c.lastLook(ctx, p, ask, why)
	}
	var first *outbound.Failure
	if c.e.Result != outbound.ByEvent {
		paged, err := c.firstWay(ctx, p, ask)
		if first = outbound.FailureOf(err); first == nil {
			return "", c.went(ctx, p, paged, "")
		}
		if first.End == outbound.Unclear {
			return "", c.failing(ctx, p, first, whyUnclear)
		}
		c.report(ctx, first, slog.String("effect", c.e.ID), slog.String("way", outbound.ByIncident))
		if err := c.note(ctx, outbound.ByEvent); err != nil {
			return "", &outbound.Failure{End: outbound.NotDone, Step: "note the second way", Code: "database", Err: err}
		}
	}
	return c.secondWay(ctx, p, ask, first)
}

// firstWay is the REST API. Without an address nobody can be meant.
func (c *carried) firstWay(ctx context.Context, p incident.Paging, ask outbound.Page) (outbound.Paged, error) {
	if p.Who != incident.System && ask.Email == "" {
		return outbound.Paged{}, &outbound.Failure{
			End: outbound.Refused, Step: "page", Code: noUser,
			Fix: "Slack shows no e-mail address of the person: give the app the scope users:read.email.",
		}
	}
	return c.Pager.Page(ctx, ask)
}

// noUser is the code of a person whom PagerDuty does not know.
const noUser = "no_such_user"

// secondWay is the Events API. first is why the first way certainly did not page;
// nil when an event may have been sent before.
func (c *carried) secondWay(ctx context.Context, p incident.Paging, ask outbound.Page, first *outbound.Failure) (string, error) {
	why := reason(first)
	paged, err := c.Pager.Trigger(ctx, ask)
	second := outbound.FailureOf(err)
	switch {
	case second == nil:
		return outbound.ByEvent, c.went(ctx, p, paged, why)
	case second.End == outbound.Unclear:
		return outbound.ByEvent, c.failing(ctx, p, second, whyUnclear)
	case first == nil && second.End == outbound.Refused:
		return outbound.ByEvent, c.decide(ctx, incident.FailPage{Number: p.Number, Reason: whyUnclear, Final: true})
	case first == nil:
		return outbound.ByEvent, c.failing(ctx, p, second, whyUnreachable)
	case first.End == outbound.Refused && second.End == outbound.Refused:
		c.report(ctx, second, slog.String("effect", c.e.ID), slog.String("way", outbound.ByEvent))
		return "", c.decide(ctx, incident.FailPage{Number: p.Number, Reason: why, Final: true})
	}
	// Neither way was taken: both are open again.
	if err := c.note(ctx, ""); err != nil {
		return outbound.ByEvent, &outbound.Failure{End: outbound.NotDone, Step: "note the first way", Code: "database", Err: err}
	}
	if first.End == outbound.Refused {
		first = second
	}
	return "", c.failing(ctx, p, first, why)
}

func reason(f *outbound.Failure) string {
	switch {
	case f == nil:
		return whyUnreachable
	case f.Code == noUser:
		return whyUnknown
	case f.End == outbound.Refused:
		return whyRefused
	default:
		return whyUnreachable
	}
}

// ask is the page as PagerDuty is asked for it.
func (c *carried) ask(p incident.Paging) outbound.Page {
	ask := outbound.Page{
		Key: incident.PageKey(c.id, p.Number), Marker: c.inc.Key() + " " + incident.PageID(p.Number), Service: p.Target, Of: strings.ToLower(p.Service),
		Text: c.inc.PageText(p, c.crew), Since: p.At, Again: c.again, Last: c.Clock.Now().Sub(p.At) >= secondLook,
	}
	if p.Who != incident.System {
		ask.Email, ask.Join = c.crew.person(p.Who).Email, c.inc.Join()
	}
	return ask
}

// tooLate says why a page is not worth trying any more; "" while it is.
func (c *carried) tooLate(ctx context.Context, p incident.Paging) (string, error) {
	if c.inc.Life.Status.Over() {
		return whyOver, nil
	}
	if c.again {
		if restored, err := c.restored(ctx); restored || err != nil {
			return whyRestored, err
		}
	}
	switch {
	case c.Clock.Now().Sub(p.At) < pagePatience:
		return "", nil
	case c.again:
		return whyUnclear, nil
	default:
		return whyUnreachable, nil
	}
}

// lastLook gives a page up, unless it is seen to have gone out. What may have begun
// there would go on for ever, so the look is repeated for a while.
func (c *carried) lastLook(ctx context.Context, p incident.Paging, ask outbound.Page, why string) (string, error) {
	var err error
	switch {
	case c.e.Result == outbound.ByEvent:
		err = c.Pager.ResolveEvent(ctx, ask.Of, ask.Key)
	case c.again:
		ask.Last = true
		var paged outbound.Paged
		if paged, err = c.Pager.Page(ctx, ask); err == nil {
			return "", c.went(ctx, p, paged, "")
		}
	}
	f := outbound.FailureOf(err)
	certain := f == nil || f.End == outbound.Refused || f.End == outbound.NotDone && c.e.Result != outbound.ByEvent
	if !certain && c.Clock.Now().Sub(p.At) < 2*pagePatience {
		return c.e.Result, err
	}
	return c.e.Result, c.decide(ctx, incident.FailPage{Number: p.Number, Reason: why, Final: true})
}

// went has the incident learn that a page went out. why is why in the second way.
func (c *carried) went(ctx context.Context, p incident.Paging, paged outbound.Paged, why string) error {
	cmd := incident.PageWent{Number: p.Number, Way: paged.Way, Ref: paged.Ref}
	if paged.Way == outbound.ByEvent {
		cmd.Instead, cmd.Reason = p.Who != incident.System || p.Target != "" && !paged.Own, why
	}
	return c.decide(ctx, cmd)
}

// failing says at once that a page does not go out, the first time, and tries on.
func (c *carried) failing(ctx context.Context, p incident.Paging, f *outbound.Failure, why string) error {
	if err := c.decide(ctx, incident.FailPage{Number: p.Number, Reason: why}); err != nil {
		return err
	}
	again := *f
	if again.End != outbound.Unclear {
		again.End = outbound.NotDone // soon: the other way may be open before this one is
	}
	return &again
}

// endPage ends in PagerDuty what is over here.
func (c *carried) endPage(ctx context.Context) (string, error) {
	if c.Pager == nil || !c.inc.Life.Status.Over() {
		return "", nil
	}
	if c.e.Step.Way == outbound.ByEvent {
		of := ""
		for _, p := range c.inc.Board.Pages {
			if incident.PageKey(c.id, p.Number) == c.e.Step.Ref {
				of = strings.ToLower(p.Service)
			}
		}
		return "", c.Pager.ResolveEvent(ctx, of, c.e.Step.Ref)
	}
	return "", c.Pager.Resolve(ctx, c.e.Step.Ref, c.inc.Resolution(c.crew))
}

// ackAlarm takes an alarm in PagerDuty in the leader's name, while they lead. Whoever
// PagerDuty does not know takes nothing.
func (c *carried) ackAlarm(ctx context.Context) (string, error) {
	if c.Pager == nil || len(c.e.Step.People) == 0 || c.inc.Life.Status.Over() || c.inc.Leadership.Leader != c.e.Step.People[0] {
		return "", nil
	}
	taken, err := c.Pager.Acknowledge(ctx, c.e.Step.Ref, c.crew.person(c.e.Step.People[0]).Email)
	if f, refused := outbound.Refusal(err); refused && f.Code == noUser {
		return noUser, c.decide(ctx, incident.LeaveUnacked{Who: c.e.Step.People[0]})
	}
	return encode(taken), err
}

// noteAlarm writes a line of the log on an alarm in PagerDuty. A line that does not
// stand any more, or an alarm that is over, is passed over.
func (c *carried) noteAlarm(ctx context.Context) (string, error) {
	entry := int64(c.e.Step.Number)
	text, ok := c.inc.PagerNote(entry, c.crew)
	if c.Pager == nil || !ok || !slices.Contains(c.inc.Join(), c.e.Step.Ref) {
		return "", nil
	}
	return "", c.Pager.Note(ctx, c.e.Step.Ref, c.inc.NoteMarker(entry), text, c.again)
}

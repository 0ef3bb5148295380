package jobs

import (
	"context"
	"log/slog"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
)

const (
	// noticePatience is how long the status page fails before the channel is told, so
	// that somebody can write to customers in another way.
	noticePatience = 2 * time.Minute
	// noticeLimit is when a notice is given up: what it says is stale by then, and a
	// person decides whether it still holds.
	noticeLimit = 30 * time.Minute
	// noticeTurn is how long a notice waits for the one before it.
	noticeTurn = 2 * time.Second
)

// StatusPage brings notices onto the public status page. An end that is not Unclear
// says for certain that it is not there; it looks before it repeats.
type StatusPage interface {
	Publish(ctx context.Context, n outbound.Notice) (outbound.Noticed, error)
}

// tellPage brings a notice that somebody published onto the public status page.
func (c *carried) tellPage(ctx context.Context) (string, error) {
	public := c.inc.Log.Public
	n, ok := public.Notice(int64(c.e.Step.Number))
	if !ok || n.State != incident.NoticePublished {
		return c.e.Result, nil
	}
	if c.Page == nil {
		return "", c.failNotice(ctx, n, "no status page is configured any more.", true)
	}
	if _, waits := public.Before(n.Seq); waits {
		return c.e.Result, &outbound.Failure{End: outbound.Delayed, Wait: noticeTurn, Code: outbound.UnderWay, Step: "publish"}
	}
	ask := outbound.Notice{
		Op: c.e.ID, Mark: string(c.id), Ref: public.Ref, Again: c.again, Title: n.Title, Status: string(n.Status), Text: n.Text,
		Components: map[string]string{},
	}
	for _, one := range n.Components {
		ask.Components[one.ID] = one.State
	}
	got, err := c.Page.Publish(ctx, ask)
	f := outbound.FailureOf(err)
	age := c.Clock.Now().Sub(n.Sent)
	switch {
	case f == nil:
		return got.Ref, c.decide(ctx, incident.NoteNotice{Entry: n.Seq, Ref: got.Ref, URL: got.URL})
	case f.End == outbound.Refused:
		c.report(ctx, f, slog.String("effect", c.e.ID))
		return "", c.failNotice(ctx, n, f.Fix, true)
	case age >= noticeLimit:
		c.report(ctx, f, slog.String("effect", c.e.ID))
		return "", c.failNotice(ctx, n, "Statuspage did not answer for "+noticeLimit.String()+"; look at the page, then publish it again.", true)
	case age >= noticePatience && !n.Told:
		if told := c.failNotice(ctx, n, "Statuspage does not answer.", false); told != nil {
			return c.e.Result, told
		}
	}
	return c.e.Result, err
}

func (c *carried) failNotice(ctx context.Context, n incident.Notice, why string, final bool) error {
	return c.decide(ctx, incident.FailNotice{Entry: n.Seq, Reason: why, Final: final})
}

package playground

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/rfo"
)

// answers are what Bea writes to the six questions of the RFO, and to one that may be left out.
var answers = []struct{ question, text, left string }{
	{"summary", "A deploy of checkout shipped a payment client with an expired certificate, and payments failed for 26 minutes. " +
		"2,000 to 5,000 users could not pay. Rolling checkout, cart and payments back ended it.", "5 questions are open"},
	{"impact", "Counted from failed payment attempts without a later success; browsing and orders on account went on. No data was lost, " +
		"and today's vouchers were issued again from the log.", "4 questions are open"},
	{"detection", "The alert on failed payments fired at once but paged one person only. An escalation after two minutes halves " +
		"the time until somebody acts.", "3 questions are open"},
	{"speed", "The first rollback failed because the old image had been removed from the registry. Keeping the last five images takes that away.", "2 questions are open"},
	{"cause", "The client's certificate is baked into the image at build time, and nothing compares its end with the deploy's date. " +
		"The build was green, so it looked right.", "One question is open"},
	{"fix", "The rollback is temporary: deploys of checkout are frozen until an image with the new certificate has passed the sandbox. Checked with " +
		"ten test payments. What remains: cart and payments carry the same client and are on old images too.", "One question is open"},
	{"class", "A test against the payment sandbox in the deploy gate stops this class: an image that cannot pay does not ship.", ""},
}

// review is what is learned, and the document.
func (s *stage) review(ctx context.Context) error {
	if err := s.beats(ctx, s.cmd("15:30", s.bea, "rfo", "RFO of INC-1", "Actions: 0 of at most 3")); err != nil {
		return err
	}
	for _, a := range answers {
		if err := s.types(ctx, s.bea, s.channel, "rfo answer "+a.question+" "+a.text, "Answer to "+a.question+" saved", a.left); err != nil {
			return err
		}
	}
	return s.beats(ctx,
		s.cmd("15:50", s.bea, "action @carl by 2026-03-17 prevent: Gate deploys of checkout on the payment sandbox; done when a red test blocks one; tracker https://tracker.example.org/PAY-118", "Action A1 is @carl's"),
		s.cmd("15:51", s.bea, "action @dana by 2026-03-13 detect: Escalate unanswered payment alerts after two minutes; done when a drill pages two people; tracker https://tracker.example.org/OPS-64", "Action A2 is @dana's"),
		s.cmd("15:52", s.bea, "action me by 2026-03-20 mitigate: Keep the last five images of every service; done when a rollback to the fifth works; tracker https://tracker.example.org/OPS-65", "Action A3 is @bea's"),
		s.cmd("15:53", s.bea, "action @ana by 2026-03-27 Write a guide for support", "which is the most", "Which one should this replace?"),
		beat{"15:53", s.noFourth},
		s.cmd("15:54", s.bea, "rfo review @ana", "@ana is asked to read the RFO"),
		s.cmd("15:57", s.ana, "rfo approve", "approved as it is now"),
		s.cmd("15:58", s.bea, "rfo publish", "The RFO of INC-1 is published"),
		beat{"15:59", s.published},
	)
}

// noFourth checks the choice that the refusal of a fourth action gives.
func (s *stage) noFourth(context.Context) error {
	labels := s.buttons(s.bea)
	if len(labels) != 3 || !strings.HasPrefix(labels[0], "Replace A1") {
		return fmt.Errorf("the fourth action was refused with the buttons %q, not with one for each action", labels)
	}
	s.told.reads("", "["+strings.Join(labels, "] [")+"]")
	s.told.line(s.minute(), s.name(s.bea), "leaves it at three")
	return nil
}

// published checks that the document is in the channel once.
func (s *stage) published(context.Context) error {
	var shared []slackfake.File
	for _, f := range s.slack.Files() {
		if f.Complete && len(f.Shares) > 0 {
			shared = append(shared, f)
		}
	}
	if len(shared) != 1 || len(shared[0].Shares) != 1 {
		return fmt.Errorf("the RFO was shared as %d files", len(shared))
	}
	s.told.reads("#"+s.channel, shared[0].Name+" ("+fmt.Sprint(len(shared[0].Content))+" bytes)")
	return nil
}

// finish reads the document, from Slack and from the disk, and prints it.
func (s *stage) finish(out Outcome) (Outcome, error) {
	name := "INC-1-checkout-is-down.md"
	out.RFOFile = filepath.Join(s.RFODir, name)
	body, err := os.ReadFile(out.RFOFile)
	if err != nil {
		return out, fmt.Errorf("read the published RFO: %w", err)
	}
	out.RFO = body
	ch, _ := s.slack.Channel(s.channel)
	out.Channel = ch.ID
	at := slices.IndexFunc(s.slack.Files(), func(f slackfake.File) bool { return f.Name == name })
	switch {
	case at < 0:
		return out, errors.New("no file called " + name + " was uploaded")
	case string(s.slack.Files()[at].Content) != string(body):
		return out, errors.New("the uploaded RFO is not the one on disk")
	}
	s.told.heading("The RFO")
	s.told.print("\n%s\n", strings.TrimRight(string(rfo.Plain(body)), "\n"))
	return out, nil
}

package playground

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// outbreak is the first error, seen by a machine, and the customer who calls.
func (s *stage) outbreak(ctx context.Context) error {
	return s.beats(ctx,
		beat{"14:02", func(context.Context) error {
			s.machine("monitor", "12 % of all payments fail, one minute after a deploy of checkout")
			id, err := s.pager.Trigger(s.checkout, "Checkout: payments fail", "checkout-5xx")
			if err != nil {
				return err
			}
			if pages := s.pager.Pages(); len(pages) != 1 || pages[0].IncidentID != id {
				return fmt.Errorf("PagerDuty paged %+v, not one person", pages)
			}
			s.machine("PagerDuty", "pages Dana, who is on the train")
			return nil
		}},
		beat{"14:08", func(context.Context) error {
			s.machine("customer", "calls support: “I cannot pay.” Ana picks up.")
			return nil
		}},
	)
}

// call is the command that opens the incident; its answer carries the call.
func (s *stage) call(ctx context.Context) error {
	if err := s.at(ctx, "14:09"); err != nil {
		return err
	}
	before := len(s.slack.Deliveries())
	answer, err := s.command(ctx, s.ana, "general", "open sev1 Checkout is down")
	if err != nil {
		return err
	}
	s.told.reads("", answer)
	first, _, _ := strings.Cut(answer, "\n")
	if err := says("open", first, "INC-1 is open", "Join the call: "+callBase+"/"); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	s.channel = "inc-1-checkout-is-down"
	if err := s.opened(); err != nil {
		return err
	}
	if err := s.twice(ctx, before, answer); err != nil {
		return err
	}
	return s.beats(ctx,
		s.cmd("14:10", s.ana, "first-error 14:02 payments fail since the deploy, https://logs.example.org/checkout/4811", "First error at"),
		s.cmd("14:10", s.ana, "detected customer at 14:08 called support, https://support.example.org/t/20931", "a customer"),
	)
}

// opened checks what the channel looks like a moment after the answer.
func (s *stage) opened() error {
	ch, ok := s.slack.Channel(s.channel)
	switch {
	case !ok:
		return errors.New("there is no channel " + s.channel)
	case !slices.Contains(ch.Members, s.ana.ID()):
		return errors.New("Ana was not invited to #" + s.channel)
	case len(ch.Pins) != 1, len(ch.Bookmarks) != 1:
		return fmt.Errorf("#%s has %d pins and %d bookmarks, not one of each", s.channel, len(ch.Pins), len(ch.Bookmarks))
	case s.slack.MessageCount(s.channel) != 4 || s.slack.MessageCount("incidents") != 1:
		return fmt.Errorf("#%s has %d messages and #incidents %d, not a summary, three tasks and one announcement",
			s.channel, s.slack.MessageCount(s.channel), s.slack.MessageCount("incidents"))
	}
	card, err := s.card("incidents", "INC-1")
	if err != nil {
		return err
	}
	s.told.reads("#incidents, a moment later", card)
	if card, err = s.card(s.channel, "Join the call"); err != nil {
		return err
	}
	s.told.reads("#"+s.channel+", pinned and kept up to date from now on", card)
	return nil
}

// twice delivers the command that opened the incident once more, as a network that lost the answer does.
func (s *stage) twice(ctx context.Context, before int, answer string) error {
	for _, d := range s.slack.Deliveries()[before:] {
		if d.Kind != slackfake.Command {
			continue
		}
		s.machine("network", "delivers Ana's command a second time")
		again, err := s.slack.Repeat(ctx, d.ID, slackfake.HTTP)
		if err != nil {
			return err
		}
		if got := s.readable(again.Text()); got != answer {
			return fmt.Errorf("the second delivery was answered %q, the first %q", got, answer)
		}
		s.told.reads("", "The same answer again; still one incident, one channel.")
		if err := s.settle(ctx); err != nil {
			return err
		}
		if n := s.slack.Done("conversations.create"); n != 1 {
			return fmt.Errorf("%d channels were made", n)
		}
		return nil
	}
	return errors.New("the command that opened the incident was not delivered")
}

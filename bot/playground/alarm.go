package playground

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/playground/pagerfake"
)

// alarmRules have the alarms of search open incidents. That of checkout fits none, so that the first story begins with a
// person.
const alarmRules = `alarms:
  - name: search
    title: "^Search"
    do: open
    severity: sev2
`

// searchChannel is the channel of the incident that the alarm opens.
const searchChannel = "inc-2-search-finds-nothing"

// dressStory connects the account of PagerDuty: paging both ways, and its webhooks.
func (s *stage) dressStory() (settings string, env []string) {
	s.pager.AddUser(pagerfake.User{Name: "Rollcall", Email: "rollcall@example.org", TimeZone: "Etc/UTC"})
	s.carlsPhone = s.pager.AddUser(pagerfake.User{Name: "Carl", Email: "carl@example.org", TimeZone: "Etc/UTC"})
	s.search = s.pager.AddService(pagerfake.Service{Name: "Search", OnCall: []string{s.carlsPhone}})
	key := strings.Repeat("d", 32)
	s.pager.ChangeService(s.checkout, func(c *pagerfake.Service) { c.RoutingKey = key })
	var secret string
	s.hook, secret = s.pager.Subscribe(noAddress)
	return alarmRules, []string{
		"PAGERDUTY_API_TOKEN=" + s.pager.Token(), "PAGERDUTY_FROM=rollcall@example.org", "PAGERDUTY_SERVICE_ID=" + s.checkout,
		"PAGERDUTY_ROUTING_KEY=" + key, "PAGERDUTY_WEBHOOK_SECRET=" + secret,
	}
}

// noAddress stands for the bot's until it is up.
const noAddress = "http://127.0.0.1:0/pagerduty/webhooks"

// alarmOpens is an alarm that opens the incident, and a PagerDuty that fails once.
func (s *stage) alarmOpens(ctx context.Context) error {
	first := s.channel
	s.channel = searchChannel
	defer func() { s.channel = first }()
	return s.beats(ctx,
		beat{"16:00", s.searchFails},
		beat{"16:00", s.toldAgain},
		s.cmd("16:01", s.carl, "lead me", "You lead INC-2", "PagerDuty is told that you have the alarm"),
		beat{"16:01", func(context.Context) error {
			if i := s.alarm(); i.Status != pagerfake.Acknowledged || i.AckedBy != s.carlsPhone {
				return fmt.Errorf("the alarm is %s by %q, not acknowledged by Carl", i.Status, i.AckedBy)
			}
			s.machine("PagerDuty", "has the alarm acknowledged, by Carl")
			return nil
		}},
		beat{"16:02", s.secondWay},
		s.cmd("16:03", s.carl, "decide Rebuild the index from last night's copy", "Decided"),
		beat{"16:04", s.searchWorks},
		s.press("16:05", s.carl, "Are users well again?", "Mitigated?", "mitigated since"),
		s.cmd("16:07", s.carl, "resolve the index is whole again", "INC-2 is resolved"),
		beat{"16:08", func(context.Context) error {
			for _, i := range s.pager.Incidents() {
				if i.Status != pagerfake.Resolved {
					return fmt.Errorf("PagerDuty still has %q %s", i.Title, i.Status)
				}
			}
			s.machine("PagerDuty", "has nothing open any more")
			return nil
		}},
	)
}

// alarm is the alarm of search as it stands in PagerDuty.
func (s *stage) alarm() pagerfake.Incident {
	all := s.pager.Incidents()
	at := slices.IndexFunc(all, func(i pagerfake.Incident) bool { return i.ServiceID == s.search })
	if at < 0 {
		return pagerfake.Incident{}
	}
	return all[at]
}

// searchFails is the alarm, and what it leads to before anybody has typed a word.
func (s *stage) searchFails(ctx context.Context) error {
	s.machine("monitor", "search finds nothing; PagerDuty pages Carl and tells Rollcall")
	if _, err := s.pager.Trigger(s.search, "Search finds nothing", "search-empty"); err != nil {
		return err
	}
	s.pager.Wait()
	invited := func() bool {
		ch, ok := s.slack.Channel(searchChannel)
		return ok && slices.Contains(ch.Members, s.carl.ID())
	}
	if err := s.sees(ctx, "Carl in #"+searchChannel, invited); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	card, err := s.card("incidents", "INC-2")
	if err != nil {
		return err
	}
	s.told.reads("#incidents, a moment later; Carl is in #"+searchChannel, card)
	return says("the card", card, "Search finds nothing", "sev2")
}

// toldAgain delivers every webhook twice more, in another order.
func (s *stage) toldAgain(ctx context.Context) error {
	s.machine("network", "delivers every webhook of PagerDuty's twice more, in any order")
	for _, status := range s.pager.ResendShuffled(ctx, 2) {
		if status != http.StatusAccepted {
			return fmt.Errorf("a webhook that came again was answered %d", status)
		}
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	if n := s.slack.Done("conversations.create"); n != 2 {
		return fmt.Errorf("%d channels were made for two incidents", n)
	}
	s.told.reads("", "Nothing changes; still one incident, one channel.")
	return nil
}

// secondWay is a page whose first way PagerDuty refuses.
func (s *stage) secondWay(ctx context.Context) error {
	s.pager.Inject(pagerfake.Fault{Method: "POST /incidents", Kind: pagerfake.LimitedNo, Times: 1})
	s.machine("PagerDuty", "answers 429 to the next incident that is made by its REST API")
	before := len(s.pager.Pages())
	if err := s.types(ctx, s.carl, searchChannel, "page on-call checkout may be next", "Paging whoever is on call"); err != nil {
		return err
	}
	paged := func() bool { return len(s.pager.Pages()) > before }
	if err := s.sees(ctx, "a page", paged); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	pages := s.pager.Pages()[before:]
	if len(pages) != 1 || pages[0].UserID != s.danasPhone || s.pager.Done("POST /incidents") != 0 || s.pager.Done("POST /v2/enqueue") != 1 {
		return fmt.Errorf("PagerDuty paged %+v, not Dana by one event", pages)
	}
	s.machine("PagerDuty", "pages Dana all the same: Rollcall took the second way, the Events API")
	told, err := s.card(searchChannel, "was paged about INC-2")
	if err != nil {
		return err
	}
	s.told.reads("#"+searchChannel, told)
	return nil
}

// searchWorks is the alarm that is resolved over there, which does not end the incident here.
func (s *stage) searchWorks(ctx context.Context) error {
	i := s.alarm()
	if len(i.Notes) != 1 || !strings.Contains(i.Notes[0].Content, "decided: Rebuild the index") {
		return fmt.Errorf("the alarm has the notes %+v, not the decision", i.Notes)
	}
	s.machine("PagerDuty", "shows the decision on the alarm: “"+i.Notes[0].Content+"”")
	s.machine("monitor", "search finds things again; the alarm is resolved in PagerDuty")
	if err := s.pager.Resolve(s.carlsPhone, i.ID); err != nil {
		return err
	}
	s.pager.Wait()
	err := s.sees(ctx, "the question", func() bool {
		_, _, err := s.find("Are users well again?", "Mitigated?")
		return err == nil
	})
	return errors.Join(err, s.settle(ctx))
}

package incident_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// paging lets a World page, with one phone number and one service of its own.
func paging(p *incident.Policy) {
	p.Paging = incident.PagingPolicy{On: true, Phones: []incident.Phone{{Name: "Payments", Number: "+34 600 000 000"}}}
	p.Services = []incident.ServicePolicy{{Name: "checkout", PagerDuty: "PCHECK", PageOnOpen: true}, {Name: "cart"}}
}

func withPaging(t *testing.T) *incidenttest.World {
	return incidenttest.New(t, incidenttest.WithPolicy(paging))
}

// kinds are the kinds of effects, in order.
func kinds(effects []incident.Effect) (list []incident.EffectKind) {
	for _, e := range effects {
		list = append(list, e.Kind)
	}
	return list
}

func TestPageAsksForOneAndCannotBeTakenBack(t *testing.T) {
	w := withPaging(t)
	d := w.Do(ana, incident.Page{Who: bob, Text: "the queue is full"})
	equal(t, "effects", slices.Equal(kinds(d.Effects), []incident.EffectKind{incident.WakeUp}), true)
	equal(t, "answer", words(t, d.Say), "Paging @Bob about INC-7 through PagerDuty. The channel hears whether it went out.")
	equal(t, "line", w.LastLine(), "pages Bob: the queue is full")
	p, ok := w.Incident.Board.Page(d.Effects[0].Number)
	equal(t, "found", ok, true)
	equal(t, "text", w.Incident.PageText(p, incidenttest.Names{}), "INC-7 sev1: Checkout is down: the queue is full (Ana asks)")
	w.MustRefuse(ana, incident.Undo{}, incident.Conflict, "undo.permanent")

	d = w.Do(ana, incident.Page{Service: "checkout"})
	equal(t, "second number", d.Effects[0].Number, 2)
	p, _ = w.Incident.Board.Page(2)
	equal(t, "where to", p.Target, "PCHECK")
}

func TestPageBringsThePersonIn(t *testing.T) {
	w := withPaging(t)
	outside := w.People[bob]
	outside.InChannel = false
	w.People[bob] = outside
	d := w.Do(ana, incident.Page{Who: bob})
	equal(t, "effects", slices.Equal(kinds(d.Effects), []incident.EffectKind{incident.Invite, incident.WakeUp}), true)
}

func TestPageOfAPrivateIncidentSaysOnlyWhereToCome(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	w.Do(ana, incident.OpenIncident{Title: "Salaries are public", Private: true})
	w.Do(ana, incident.Page{Who: bob, Text: "salaries"})
	p, _ := w.Incident.Board.Page(1)
	equal(t, "text", w.Incident.PageText(p, incidenttest.Names{}), "You are needed on INC-7")
}

func TestDrillPagesNobodyAndSaysSo(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	w.Do(ana, incident.OpenIncident{Title: "Practice", Drill: true, Services: []string{"checkout"}})
	d := w.Do(ana, incident.Page{Who: bob})
	equal(t, "effects", len(d.Effects), 0)
	equal(t, "answer", words(t, d.Say), "Nobody was paged: INC-7 is a drill. In earnest this pages @Bob.")
	equal(t, "line", w.LastLine(), "would page Bob (a drill pages nobody)")
	equal(t, "at the end", slices.Contains(kinds(w.Do(ana, incident.Resolve{}).Effects), incident.EndPage), false)
}

func TestWithoutPagingThereAreThePhones(t *testing.T) {
	w := incidenttest.New(t, incidenttest.WithPolicy(func(p *incident.Policy) {
		paging(p)
		p.Paging.On = false
	}))
	e := w.MustRefuse(ana, incident.Page{Who: bob}, incident.Conflict, "page.none")
	equal(t, "words", words(t, e.Say), "Nobody was paged, not @Bob either: paging is not set up. Call them:\n• Payments: +34 600 000 000")
}

func TestTheSamePageIsAskedAbout(t *testing.T) {
	w := withPaging(t)
	w.Do(ana, incident.Page{Who: bob, Text: "come"})
	e := w.MustRefuse(cleo, incident.Page{Who: bob, Text: "now"}, incident.Ask, "page.twice")
	incidenttest.MustOffer(t, e.Choices, "page <@bob> now")
	w.Do(incident.System, incident.PageWent{Number: 1, Way: "incident", Ref: "P1"})
	w.MustRefuse(cleo, incident.Page{Who: bob}, incident.Ask, "page.twice")
	w.Do(cleo, incident.Page{Who: bob, Confirmed: true})
	w.Do(cleo, incident.Page{Who: ana})
	w.Advance(6 * time.Minute)
	w.Do(incident.System, incident.PageWent{Number: 2, Way: "incident", Ref: "P2"})
	w.Do(cleo, incident.Page{Who: bob})
}

func TestPageSettlesOnce(t *testing.T) {
	w := withPaging(t)
	w.Do(ana, incident.Page{Who: bob})
	d := w.Do(incident.System, incident.PageWent{Number: 1, Way: "event", Ref: "k", Instead: true, Reason: "unknown"})
	equal(t, "said", words(t, d.Effects[0].Say), "PagerDuty has nobody with the e-mail address of @Bob. "+
		"Whoever is on call for the service that PagerDuty has by default was paged about INC-7 instead. Call them:\n• Payments: +34 600 000 000")
	w.MustRefuse(incident.System, incident.PageWent{Number: 1}, incident.Conflict, "page_sent.settled")
	w.MustRefuse(incident.System, incident.FailPage{Number: 1, Final: true}, incident.Conflict, "page_sent.settled")
	w.MustRefuse(incident.System, incident.PageWent{Number: 5}, incident.Conflict, "page_sent.settled")
	w.MustRefuse(ana, incident.PageWent{Number: 1}, incident.Forbidden, "refuse.verb")
}

func TestPageThatFailsIsSaidOnceWithThePhones(t *testing.T) {
	w := withPaging(t)
	w.Do(ana, incident.Page{Who: bob, Text: "come"})
	d := w.Do(incident.System, incident.FailPage{Number: 1, Reason: "unreachable"})
	equal(t, "said", words(t, d.Effects[0].Say),
		"*@Bob was not paged* about INC-7: PagerDuty does not answer. It is still tried. Call them:\n• Payments: +34 600 000 000")
	w.MustRefuse(incident.System, incident.FailPage{Number: 1, Reason: "unreachable"}, incident.Conflict, "page_sent.settled")
	d = w.Do(incident.System, incident.FailPage{Number: 1, Reason: "unreachable", Final: true})
	equal(t, "given up", words(t, d.Effects[0].Say), "Paging @Bob about INC-7 was given up.")
	incidenttest.MustOffer(t, d.Effects[0].Choices, "page <@bob>") // the words are not in the button
	w.Do(ana, incident.Page{Who: bob})                             // nothing is under way any more
	again, _ := w.Incident.Board.Page(2)
	equal(t, "the words of the one that failed", again.Text, "come")
	d = w.Do(incident.System, incident.FailPage{Number: 2, Reason: "over", Final: true})
	equal(t, "nobody is to be phoned", len(d.Effects), 0)
}

func TestPageThatGetsThroughLate(t *testing.T) {
	w := withPaging(t)
	w.Do(ana, incident.Page{})
	w.Do(incident.System, incident.FailPage{Number: 1, Reason: "unreachable"})
	d := w.Do(incident.System, incident.PageWent{Number: 1, Way: "incident", Ref: "P1"})
	equal(t, "said", words(t, d.Effects[0].Say), "whoever is on call was paged about INC-7 now after all, as @Ana asked.")
}

func TestOpenPagesTheServicesThatWantIt(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	d := w.Do(ana, incident.OpenIncident{Title: "Checkout is down", Services: []string{"checkout", "cart", "CHECKOUT"}})
	equal(t, "pages", len(w.Incident.Board.Pages), 1)
	equal(t, "effects", slices.Equal(kinds(d.Effects), []incident.EffectKind{incident.CreateChannel, incident.Invite, incident.WakeUp}), true)
	equal(t, "says so", strings.Contains(words(t, d.Say), "Paging whoever is on call for checkout"), true)

	w = incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	d = w.Do(ana, incident.OpenIncident{Title: "Cart is down", Services: []string{"cart"}})
	equal(t, "says so", strings.Contains(words(t, d.Say), "(nobody paged)"), true)
	incidenttest.MustOffer(t, d.Choices, "page")

	w = incidenttest.Empty(t, incidenttest.WithPolicy(paging))
	w.Do(incident.System, incident.OpenIncident{Title: "Alarm", Services: []string{"checkout"}})
	equal(t, "an alarm has paged already", len(w.Incident.Board.Pages), 0)
}

func TestWhatIsOverHereIsOverThere(t *testing.T) {
	for name, end := range map[string]incident.Command{"resolve": incident.Resolve{}, "cancel": incident.Cancel{Reason: "a test"}} {
		t.Run(name, func(t *testing.T) {
			w := withPaging(t)
			for n, way := range []string{"incident", "event", "responder", ""} {
				w.Do(ana, incident.Page{Who: []incident.PersonID{bob, cleo, ana, ""}[n]})
				if way != "" {
					w.Do(incident.System, incident.PageWent{Number: n + 1, Way: way, Ref: "R" + way})
				}
			}
			for _, ref := range []incident.AlarmRef{{Source: "pagerduty", ID: "PALARM"}, {Source: "pagerduty", ID: "PQUIET"}, {Source: "grafana", ID: "G1"}} {
				w.Do(incident.System, incident.AlarmReport{Ref: ref, Kind: incident.AlarmTriggered, At: w.Now}.Command())
			}
			w.Do(incident.System, incident.AlarmReport{
				Ref: incident.AlarmRef{Source: "pagerduty", ID: "PQUIET"}, Kind: incident.AlarmResolved, At: w.Now,
			}.Command())
			equal(t, "to join", strings.Join(w.Incident.Join(), " "), "PALARM")
			var ends []string
			for _, e := range w.Do(ana, end).Effects {
				if e.Kind == incident.EndPage {
					ends = append(ends, e.Way+" "+e.Ref)
				}
			}
			equal(t, "ended there", strings.Join(ends, ", "), "incident Rincident, event Revent, incident PALARM")
		})
	}
}

func TestPageKeyIsRecognised(t *testing.T) {
	id, ok := incident.OwnPage(incident.PageKey("0190-7", 3))
	equal(t, "incident", id, incident.ID("0190-7"))
	equal(t, "ours", ok, true)
	for _, key := range []string{"", "rollcall/", "rollcall/0190-7", "rollcall//P1", "alarm/P1"} {
		if _, ok := incident.OwnPage(key); ok {
			t.Errorf("%q is not ours", key)
		}
	}
}

func TestPageRefusals(t *testing.T) {
	w := withPaging(t)
	refused(t, w, []refusal{
		{"long", incident.Page{Who: bob, Text: tooLong}, incident.Invalid, "refuse.long"},
		{"robot", incident.Page{Who: incidenttest.Robot}, incident.Invalid, "refuse.person.bot"},
		{"nobody", incident.Page{Who: incidenttest.Nobody}, incident.NotFound, "refuse.person.unknown"},
	})
	w.MustRefuse(guest, incident.Page{Who: bob}, incident.Forbidden, "refuse.guest")
}

func TestLeaderTakesTheAlarmsAndNotThePages(t *testing.T) {
	w := withPaging(t)
	w.Do(ana, incident.Page{Who: bob})
	w.Do(incident.System, incident.PageWent{Number: 1, Way: "incident", Ref: "POWN"})
	for _, id := range []string{"PALARM", "POWN", "PTAKEN"} {
		ref := incident.AlarmRef{Source: "pagerduty", ID: id}
		w.Do(incident.System, incident.AlarmReport{Ref: ref, Kind: incident.AlarmTriggered, At: w.Now}.Command())
		if id == "PTAKEN" {
			w.Do(incident.System, incident.AlarmReport{Ref: ref, Kind: incident.AlarmAcked, At: w.Now}.Command())
		}
	}
	d := w.Do(ana, incident.Lead{Who: ana})
	equal(t, "effects", slices.Equal(kinds(d.Effects), []incident.EffectKind{incident.AckAlarm}), true)
	equal(t, "alarm", d.Effects[0].Ref, "PALARM")
	equal(t, "in whose name", d.Effects[0].People[0], ana)
	equal(t, "said", strings.Contains(words(t, d.Say), "PagerDuty is told that you have the alarm, if it knows"), true)
}

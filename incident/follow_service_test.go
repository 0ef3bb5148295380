package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
)

// following has Bob follow checkout and Cleo cart, which goes with checkout.
func following(p *incident.Policy) {
	p.Services = []incident.ServicePolicy{{Name: "checkout", Related: []string{"cart"}}, {Name: "cart"}, {Name: "search"}}
	p.Around.Followers = func(services []string) (people []incident.PersonID) {
		if slices.Contains(services, "checkout") {
			people = append(people, bob)
		}
		if slices.Contains(services, "cart") {
			people = append(people, cleo)
		}
		return people
	}
}

// toldOf is who is told of an incident because they follow a service.
func toldOf(d incident.Decision) (people []incident.PersonID) {
	for _, e := range d.Effects {
		if e.Say.ID == "follow_service.tell" {
			people = append(people, e.People...)
		}
	}
	return people
}

func TestWhoFollowsAServiceHearsOfItsIncidents(t *testing.T) {
	open := incident.OpenIncident{Title: "Checkout is down", Services: []string{"checkout"}}
	w := incidenttest.Empty(t, incidenttest.WithPolicy(following))
	if got := toldOf(w.Do(ana, open)); !slices.Equal(got, []incident.PersonID{bob, cleo}) {
		t.Errorf("told at opening are %v", got)
	}
	if got := w.Incident.Audience(w.Policy); !slices.Equal(got, []incident.PersonID{bob, cleo}) {
		t.Errorf("updates go to %v", got)
	}
	if got := toldOf(w.Do(ana, incident.RateService{Name: "cart", State: incident.Bleeding})); got != nil {
		t.Errorf("told a second time are %v", got)
	}

	w = incidenttest.Empty(t, incidenttest.WithPolicy(following))
	open.Private = true
	if got := toldOf(w.Do(ana, open)); got != nil || w.Incident.Audience(w.Policy) != nil {
		t.Errorf("told of a private incident are %v", got)
	}

	w = incidenttest.Empty(t, incidenttest.WithPolicy(following))
	w.Do(ana, incident.OpenIncident{Title: "Something is slow"})
	if got := toldOf(w.Do(bob, incident.RollBack{Service: "checkout"})); !slices.Equal(got, []incident.PersonID{cleo}) {
		t.Errorf("told when a service comes onto the board are %v", got)
	}
	w.Advance(time.Minute)
	w.MustRefuse(cleo, incident.Follow{}, incident.Conflict, "follow.not")
}

func TestAServiceIsFollowedOnce(t *testing.T) {
	w := incidenttest.Empty(t, incidenttest.WithPolicy(following))
	equal(t, "said", w.Do(ana, incident.FollowService{Name: "cart", On: true}).Say.ID, "follow_service.done")
	w.MustRefuse(ana, incident.FollowService{Name: "cart", On: true, Follows: true}, incident.Conflict, "follow_service.same")
	w.MustRefuse(ana, incident.FollowService{Name: "cart"}, incident.Conflict, "follow_service.same")
	w.MustRefuse(ana, incident.FollowService{Name: "caart", On: true}, incident.NotFound, "follow_service.unknown")
	w.MustRefuse(guest, incident.FollowService{Name: "cart", On: true}, incident.Forbidden, "refuse.guest")
}

package bot_test

import (
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// tells are the direct messages of an incident, as "who: text".
func (w *world) tells(id incident.ID, say string) (people []incident.PersonID) {
	w.t.Helper()
	if err := w.store.Read(w.t.Context(), func(r *storage.Reader) error {
		all, err := r.RawEffects(id)
		for _, e := range all {
			if e.Step.Kind == incident.Tell && e.Step.Say.ID == say {
				people = append(people, e.Step.People...)
			}
		}
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return people
}

func TestAServiceIsFollowedFromAnywhere(t *testing.T) {
	w := newWorld(t)
	mustSay(t, w.says("U2", "C-general", "follow cart"), bot.Shown, "every incident of `cart`", "`unfollow cart`")
	mustSay(t, w.says("U2", "C-general", "follow cart"), bot.Refused, "already")
	mustSay(t, w.says("U4", "C-general", "follow cart"), bot.Refused, "full members")
	one := w.open("U1", "open service cart The cart is empty", "C1")
	if got := w.tells(one.ID, "follow_service.tell"); len(got) != 1 || got[0] != w.personID("U2") {
		t.Fatalf("told are %v", got)
	}
	mustSay(t, w.says("U1", "C1", "update We look at it"), bot.Done, "<@U2>")
	two := w.open("U1", "open private service cart A secret", "C2")
	if got := w.tells(two.ID, "follow_service.tell"); len(got) != 0 {
		t.Fatalf("told of a private one are %v", got)
	}
	mustSay(t, w.says("U2", "C-general", "unfollow cart"), bot.Shown, "not follow `cart` any more")
	three := w.open("U1", "open service cart Again", "C3")
	if got := w.tells(three.ID, "follow_service.tell"); len(got) != 0 {
		t.Fatalf("told afterwards are %v", got)
	}
	mustSay(t, w.says("U3", "C1", "follow"), bot.Done, "updates of INC-1")
	if a := w.says("U3", "C1", "follow the money"); strings.Contains(a.Text, "every incident") {
		t.Errorf("a sentence is taken for a service: %s", a.Text)
	}
}

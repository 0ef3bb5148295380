package slackfake

import (
	"encoding/json"
	"fmt"
	"time"
)

// Slack's limits on views (docs.slack.dev, reference of views), in characters and bytes.
const (
	titleLimit   = 24
	privateLimit = 3000
	viewBytes    = 250_000
	stackLimit   = 3
	triggerLife  = 3 * time.Second
)

// View is a modal that somebody has open, or an App Home.
type View struct {
	ID, Hash, User string
	Type           string // modal or home
	CallbackID     string
	ExternalID     string
	Private        string // private_metadata
	Title          string
	Raw            obj   // as the app sent it
	Blocks         []obj // with ids
}

// trigger lets the app open a view for whoever just did something.
type trigger struct {
	user    string
	expires time.Time
	used    bool
}

// newTrigger makes a trigger id.
func (ws *Workspace) newTrigger(user string) string {
	ws.state.counters["trigger"]++
	id := fmt.Sprintf("%d.%d.%08x", ws.now().UnixMilli(), ws.state.counters["trigger"], ws.state.counters["trigger"]*2654435761)
	ws.state.triggers[id] = &trigger{user: user, expires: ws.now().Add(triggerLife)}
	return id
}

// spend uses a trigger up.
func (c *call) spend() (*trigger, error) {
	id := c.str("trigger_id")
	t, ok := c.state.triggers[id]
	switch {
	case !ok:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case c.at.After(t.expires):
		return nil, fail("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

// readView checks the view that a call carries.
func (c *call) readView(want string) (*View, error) {
	raw := c.str("view")
	var fields obj
	if err := json.Unmarshal([]byte(raw), &fields); err != nil {
		return nil, failWith("invalid_arguments", "[ERROR] failed to match all allowed schemas [json-pointer:/view]")
	}
	if len(raw) > viewBytes {
		return nil, fail("view_too_large")
	}
	k := checker{surface: want, ids: map[string]bool{}}
	if kind, _ := fields["type"].(string); kind != want {
		k.bad("/view/type", "must be %s", want)
	}
	blocks, err := decodeBlocks(string(encode(fields["blocks"])))
	if err != nil || blocks == nil {
		k.bad("/view/blocks", "missing required field: blocks")
	}
	k.blocks("/view/blocks", blocks, viewBlocks)
	v := &View{Type: want, Raw: fields, Blocks: blocks}
	v.Private = k.str("/view", fields, "private_metadata", privateLimit, false)
	v.CallbackID = k.str("/view", fields, "callback_id", idLimit, false)
	v.ExternalID = k.str("/view", fields, "external_id", idLimit, false)
	if want == "modal" {
		v.Title = k.text("/view/title", fields["title"], titleLimit, plainText)
		k.optional("/view/close", fields["close"], titleLimit, plainText)
		k.optional("/view/submit", fields["submit"], titleLimit, plainText)
		if fields["submit"] == nil && hasInput(blocks) {
			k.bad("/view", "submit is required when an input block is in the view")
		}
	}
	if len(k.problems) > 0 {
		return nil, failWith("invalid_arguments", k.problems...)
	}
	withIDs(blocks)
	return v, nil
}

func hasInput(blocks []obj) bool {
	for _, b := range blocks {
		if b["type"] == "input" {
			return true
		}
	}
	return false
}

// taken says whether an external id is in use.
func (s *state) taken(external string, but *View) bool {
	if external == "" {
		return false
	}
	for _, stack := range s.views {
		for _, v := range stack {
			if v != but && v.ExternalID == external {
				return true
			}
		}
	}
	return false
}

// name gives a view an id and a hash; each change gives it a new hash.
func (ws *Workspace) name(v *View, user string) {
	v.User = user
	if v.ID == "" {
		v.ID = ws.state.nextID("V")
	}
	ws.state.counters["hash"]++
	v.Hash = fmt.Sprintf("%d.%08x", ws.now().Unix(), ws.state.counters["hash"])
}

func viewsOpen(c *call) (obj, error) {
	v, err := c.readView("modal")
	if err != nil {
		return nil, err
	}
	if c.state.taken(v.ExternalID, nil) {
		return nil, fail("duplicate_external_id")
	}
	t, err := c.spend()
	if err != nil {
		return nil, err
	}
	c.name(v, t.user)
	c.state.views[t.user] = []*View{v} // a new modal takes the place of whatever was open
	return obj{"view": c.viewObject(v)}, nil
}

func viewsPush(c *call) (obj, error) {
	v, err := c.readView("modal")
	if err != nil {
		return nil, err
	}
	t, err := c.spend()
	if err != nil {
		return nil, err
	}
	return c.push(v, t.user)
}

func (ws *Workspace) push(v *View, user string) (obj, error) {
	stack := ws.state.views[user]
	switch {
	case len(stack) == 0:
		return nil, fail("not_found")
	case len(stack) >= stackLimit:
		return nil, fail("push_limit_reached")
	case ws.state.taken(v.ExternalID, nil):
		return nil, fail("duplicate_external_id")
	}
	ws.name(v, user)
	ws.state.views[user] = append(stack, v)
	return obj{"view": ws.viewObject(v)}, nil
}

// opened finds a view that is open.
func (s *state) opened(id, external string) *View {
	for _, stack := range s.views {
		for _, v := range stack {
			if (id != "" && v.ID == id) || (id == "" && external != "" && v.ExternalID == external) {
				return v
			}
		}
	}
	return nil
}

func viewsUpdate(c *call) (obj, error) {
	old := c.state.opened(c.str("view_id"), c.str("external_id"))
	v, err := c.readView("modal")
	switch {
	case err != nil:
		return nil, err
	case old == nil:
		return nil, fail("not_found")
	case c.str("hash") != "" && c.str("hash") != old.Hash:
		return nil, fail("hash_conflict")
	case c.state.taken(v.ExternalID, old):
		return nil, fail("duplicate_external_id")
	}
	c.replace(old, v)
	return obj{"view": c.viewObject(old)}, nil
}

// replace changes an open view in place.
func (ws *Workspace) replace(old, v *View) {
	v.ID, v.ExternalID = old.ID, or(v.ExternalID, old.ExternalID)
	ws.name(v, old.User)
	*old = *v
}

func viewsPublish(c *call) (obj, error) {
	user := c.str("user_id")
	u, ok := c.state.people[user]
	if !ok || u.Deleted || u.Bot {
		return nil, failWith("invalid_arguments", "[ERROR] user not found [json-pointer:/user_id]")
	}
	v, err := c.readView("home")
	if err != nil {
		return nil, err
	}
	old := c.state.homes[user]
	if old != nil && c.str("hash") != "" && c.str("hash") != old.Hash {
		return nil, fail("hash_conflict")
	}
	if old != nil {
		v.ID = old.ID
	}
	c.name(v, user)
	c.state.homes[user] = v
	return obj{"view": c.viewObject(v)}, nil
}

// viewObject is a view as Slack shows it to the app.
func (ws *Workspace) viewObject(v *View) obj {
	root, previous := v.ID, any(nil)
	for n, o := range ws.state.views[v.User] {
		if n == 0 {
			root = o.ID
		}
		if o == v && n > 0 {
			previous = ws.state.views[v.User][n-1].ID
		}
	}
	out := obj{
		"id": v.ID, "team_id": ws.self.TeamID, "type": v.Type, "blocks": v.Blocks, "private_metadata": v.Private,
		"callback_id": v.CallbackID, "external_id": v.ExternalID, "hash": v.Hash, "state": obj{"values": obj{}},
		"root_view_id": root, "previous_view_id": previous, "app_id": ws.self.AppID, "bot_id": ws.self.BotID,
		"app_installed_team_id": ws.self.TeamID, "clear_on_close": false, "notify_on_close": false,
	}
	for _, name := range []string{"title", "submit", "close", "clear_on_close", "notify_on_close"} {
		if value, there := v.Raw[name]; there {
			out[name] = value
		}
	}
	return out
}

package slackfake

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// User is a person, or a bot.
type User struct {
	ID       string // U0001 and so on when empty
	Name     string // what is typed behind the @
	RealName string
	Email    string
	TZ       string // IANA name; UTC when empty
	TeamID   string // of another workspace for people of a shared channel
	Guest    bool   // is_restricted: of several channels
	Single   bool   // is_ultra_restricted: of one channel
	Bot      bool
	Deleted  bool
}

// UserGroup is a user group, such as @oncall.
type UserGroup struct {
	ID, Handle, Name string
	Users            []string
}

// AddUser adds a person and returns their id. Full members join #general.
func (ws *Workspace) AddUser(u User) string {
	ws.mu.Lock()
	defer ws.flush()
	defer ws.mu.Unlock()
	s := &ws.state
	u.ID = or(u.ID, s.nextID("U"))
	u.Name, u.TZ, u.TeamID = or(u.Name, strings.ToLower(u.ID)), or(u.TZ, "UTC"), or(u.TeamID, ws.self.TeamID)
	u.RealName = or(u.RealName, u.Name)
	s.people[u.ID] = &u
	if general := s.byName("general"); general != nil && !u.Guest && !u.Single && !u.Deleted && u.TeamID == ws.self.TeamID {
		general.Members = append(general.Members, u.ID)
		ws.emit("team_join", obj{"user": ws.userObject(&u)}, nil)
	}
	return u.ID
}

// ChangeUser changes a person, as when an administrator deactivates them.
func (ws *Workspace) ChangeUser(id string, change func(*User)) {
	ws.mu.Lock()
	defer ws.flush()
	defer ws.mu.Unlock()
	u, ok := ws.state.people[id]
	if !ok {
		return
	}
	change(u)
	u.ID = id
	if u.Deleted { // Slack takes the deactivated out of every channel
		for _, ch := range ws.state.channels {
			ch.Members = slices.DeleteFunc(ch.Members, func(m string) bool { return m == id })
		}
	}
	ws.emit("user_change", obj{"user": ws.userObject(u)}, nil)
}

// AddUserGroup adds a user group and returns its id.
func (ws *Workspace) AddUserGroup(handle, name string, users ...string) string {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	g := UserGroup{ID: ws.state.nextID("S"), Handle: handle, Name: name, Users: users}
	ws.state.groups = append(ws.state.groups, g)
	return g.ID
}

// userObject is a person as Slack shows them to the app.
func (ws *Workspace) userObject(u *User) obj {
	zone, err := time.LoadLocation(u.TZ)
	if err != nil {
		zone = time.UTC
	}
	label, offset := ws.now().In(zone).Zone()
	profile := obj{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Name,
		"display_name_normalized": u.Name, "team": u.TeamID, "avatar_hash": "g" + strings.ToLower(u.ID),
	}
	if ws.needs("users:read.email") == nil && u.Email != "" {
		profile["email"] = u.Email
	}
	if u.ID == ws.self.BotUserID {
		profile["bot_id"], profile["api_app_id"] = ws.self.BotID, ws.self.AppID
	}
	out := obj{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "deleted": u.Deleted, "real_name": u.RealName, "profile": profile,
		"is_bot": u.Bot, "is_app_user": false, "updated": ws.now().Unix(),
	}
	if !u.Deleted { // Slack leaves these out for the deactivated
		out["tz"], out["tz_label"], out["tz_offset"] = u.TZ, label, offset
		out["is_admin"], out["is_owner"], out["is_primary_owner"] = false, false, false
		out["is_restricted"], out["is_ultra_restricted"] = u.Guest || u.Single, u.Single
	}
	if u.TeamID != ws.self.TeamID {
		out["is_stranger"] = true
	}
	return out
}

// visible says whether the app may know a person: those of other workspaces only through a shared channel.
func (ws *Workspace) visible(u *User) bool {
	if u.TeamID == ws.self.TeamID {
		return true
	}
	for _, ch := range ws.state.channels {
		if ch.has(u.ID) && ch.has(ws.self.BotUserID) {
			return true
		}
	}
	return false
}

func usersInfo(c *call) (obj, error) {
	u, ok := c.state.people[c.str("user")]
	switch {
	case !ok:
		return nil, fail("user_not_found")
	case !c.visible(u):
		return nil, fail("user_not_visible")
	}
	return obj{"user": c.userObject(u)}, nil
}

func usersList(c *call) (obj, error) {
	var all []*User
	for _, u := range c.state.people {
		if c.visible(u) {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b *User) int { return cmp.Compare(a.ID, b.ID) })
	page, next, err := paged(c, all, 1000)
	if err != nil {
		return nil, err
	}
	members := make([]obj, 0, len(page))
	for _, u := range page {
		members = append(members, c.userObject(u))
	}
	return obj{"members": members, "cache_ts": c.at.Unix(), "response_metadata": obj{"next_cursor": next}}, nil
}

func usersLookupByEmail(c *call) (obj, error) {
	for _, u := range c.state.people {
		if u.Email != "" && strings.EqualFold(u.Email, c.str("email")) && !u.Deleted && c.visible(u) {
			return obj{"user": c.userObject(u)}, nil
		}
	}
	return nil, fail("users_not_found")
}

func usergroupsList(c *call) (obj, error) {
	if c.opts.FreePlan {
		return nil, fail("plan_upgrade_required")
	}
	groups := []obj{}
	for _, g := range c.state.groups {
		o := obj{"id": g.ID, "team_id": c.self.TeamID, "is_usergroup": true, "name": g.Name, "handle": g.Handle, "user_count": len(g.Users)}
		if c.flag("include_users") {
			o["users"] = g.Users
		}
		groups = append(groups, o)
	}
	return obj{"usergroups": groups}, nil
}

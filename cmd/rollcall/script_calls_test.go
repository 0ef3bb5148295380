package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/playground/callfake"
)

// roomsKey is where a script keeps its call providers.
type roomsKey struct{}

// callProviders are the call providers of a script.
type callProviders struct {
	meet *callfake.Meet
	zoom *callfake.Zoom
}

// troubles are what call providers do by themselves.
var troubles = map[string]callfake.Fault{
	"is down":          {Kind: callfake.Reset},
	"hangs":            {Kind: callfake.Hang},
	"refuses":          {Kind: callfake.Status, Code: 403},
	"loses one reply":  {Name: "create", Kind: callfake.LostReply, Times: 1},
	"keeps its tokens": {Name: "token", Kind: callfake.Status, Code: 403},
}

// meet starts a Google Meet and has the program know it, says what it does next, or
// prints its rooms.
func (s *stage) meet(ts *testscript.TestScript, neg bool, args []string) {
	p := ts.Value(roomsKey{}).(*callProviders) //nolint:forcetypeassert // set by Setup
	switch what := strings.Join(args, " "); {
	case neg || p.meet == nil && what != "":
		ts.Fatalf("usage: meet | meet is down|is back|… | meet rooms")
	case what == "":
		fake, err := callfake.NewMeet("incidents@example.org")
		ts.Check(err)
		base, err := fake.Start(s.ctx)
		ts.Check(err)
		key := filepath.Join(s.dir, "meet.json")
		ts.Check(os.WriteFile(key, fake.Key(), 0o600))
		p.meet = fake
		for name, value := range map[string]string{"MEET_CREDENTIALS_FILE": key, "MEET_USER": fake.User, "MEET_API_URL": base} {
			ts.Setenv(name, value)
		}
	case what == "rooms":
		for _, one := range p.meet.Spaces() {
			_, _ = fmt.Fprintln(ts.Stdout(), one.URI)
		}
	case what == "is back":
		p.meet.Heal()
	case strings.HasPrefix(what, "makes everybody "):
		p.meet.ForceAccess("RESTRICTED")
	default:
		p.meet.Inject(faultOf(ts, what))
	}
}

// zoom starts a Zoom account with these hosts and has the program know it, says
// what it does next, or prints its rooms.
func (s *stage) zoom(ts *testscript.TestScript, neg bool, args []string) {
	p := ts.Value(roomsKey{}).(*callProviders) //nolint:forcetypeassert // set by Setup
	what := strings.Join(args, " ")
	switch {
	case neg || what == "":
		ts.Fatalf("usage: zoom HOST… | zoom is down|is back|… | zoom rooms")
	case p.zoom == nil:
		var hosts []string
		for _, name := range args {
			hosts = append(hosts, name+"@example.org")
		}
		p.zoom = callfake.NewZoom(s.clock.Now, hosts...)
		base, err := p.zoom.Start(s.ctx)
		ts.Check(err)
		for name, value := range map[string]string{
			"ZOOM_ACCOUNT_ID": p.zoom.AccountID, "ZOOM_CLIENT_ID": p.zoom.ClientID, "ZOOM_CLIENT_SECRET": p.zoom.Secret,
			"ZOOM_HOSTS": strings.Join(hosts, ","), "ZOOM_API_URL": base + "/v2", "ZOOM_TOKEN_URL": base + "/oauth/token",
		} {
			ts.Setenv(name, value)
		}
	case what == "rooms":
		for _, one := range p.zoom.Meetings() {
			state := "there"
			if one.Deleted {
				state = "deleted"
			}
			_, _ = fmt.Fprintln(ts.Stdout(), state, one.Host, one.URL)
		}
	case what == "is back":
		p.zoom.Heal()
	case what == "makes everybody wait":
		p.zoom.MakeEverybodyWait()
	default:
		p.zoom.Inject(faultOf(ts, what))
	}
}

func faultOf(ts *testscript.TestScript, what string) callfake.Fault {
	f, ok := troubles[what]
	if !ok {
		ts.Fatalf("a call provider does not do %q", what)
	}
	return f
}

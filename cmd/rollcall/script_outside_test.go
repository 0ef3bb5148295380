package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall-bot/rollcall/bot/jobs"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// sink is a Sentry: it takes whatever is sent.
type sink struct {
	mu   sync.Mutex
	took []string
	end  func()
}

type sinkKey struct{}

// defectiveVariable says how often publishing an RFO panics, with a text that quotes
// what was typed.
const defectiveVariable = "ROLLCALL_TEST_PANICS"

func defective(o *jobs.Options) {
	var left atomic.Int64
	if n, err := strconv.ParseInt(os.Getenv(defectiveVariable), 10, 64); err == nil {
		left.Store(n)
	}
	publish, store := o.Publish, o.Store
	o.Publish = func(ctx context.Context, id incident.ID, revision int) (outbound.File, error) {
		if left.Add(-1) < 0 {
			return publish(ctx, id, revision)
		}
		_ = store.Read(ctx, func(r *storage.Reader) error {
			inc, err := r.RawIncident(id)
			if err == nil {
				panic("cannot publish " + inc.Identity.Title)
			}
			return err
		})
		return outbound.File{}, errors.New("there is no such incident")
	}
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	s.mu.Lock()
	s.took = append(s.took, r.URL.Path+"\n"+string(body))
	s.mu.Unlock()
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = io.WriteString(w, `{"id":"1"}`) // the reader may be gone
}

// outside looks for words in every byte that left the program, but for what members
// of an incident may see: its channel, and what only they are shown. Before, "outside
// listens" starts a Sentry for the program to report to; "outside reports" prints how
// often it did, and "outside reported" what. "! outside" says that the words did leave.
func (s *stage) outside(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, len(args) > 0, "outside listens|reports|reported | outside CHANNEL MEMBER,MEMBER WORDS…")
	to := ts.Value(sinkKey{}).(*sink) //nolint:forcetypeassert // set by Setup
	switch args[0] {
	case "listens":
		server := httptest.NewServer(to)
		to.end = server.Close
		ts.Setenv("SENTRY_DSN", strings.Replace(server.URL, "http://", "http://"+canary("sentry")+"@", 1)+"/1")
		return
	case "reports":
		to.mu.Lock()
		defer to.mu.Unlock()
		_, _ = fmt.Fprintln(ts.Stdout(), len(to.took))
		return
	case "reported":
		to.mu.Lock()
		defer to.mu.Unlock()
		_, _ = fmt.Fprintln(ts.Stdout(), strings.Join(to.took, "\n"))
		return
	}
	usage(ts, len(args) > 2 && s.ws != nil && s.server != nil, "outside CHANNEL MEMBER,MEMBER WORDS…")
	o := s.surroundings(ts, args[0], strings.Split(args[1], ","))
	places := o.places()
	places["/metrics"] = s.figures()
	for n, l := range s.logs {
		places[fmt.Sprint("the log of server ", n+1)] = l.String()
	}
	to.mu.Lock()
	places["Sentry"] = strings.Join(to.took, "\n")
	to.mu.Unlock()
	if p := ts.Value(pagerKey{}).(*pager); p.account != nil { //nolint:forcetypeassert // set by Setup
		sent, err := json.Marshal(p.account.Calls(""))
		ts.Check(err)
		places["PagerDuty"] = string(sent)
	}
	places["the status page"] = ts.Value(publicKey{}).(*public).reads() //nolint:forcetypeassert // set by Setup
	names, err := filepath.Glob(filepath.Join(s.dir, "rfos", "*"))
	ts.Check(err)
	places["names of files"] = strings.Join(names, "\n")
	bytes, found := 0, 0
	for where, text := range places {
		bytes += len(text)
		for _, word := range args[2:] {
			at := strings.Index(text, word)
			if at >= 0 {
				found++
			}
			if at >= 0 && !neg {
				ts.Fatalf("%q is told to %s:\n%s", word, where, text[max(0, at-300):min(len(text), at+300)])
			}
		}
	}
	if neg && found == 0 {
		ts.Fatalf("nobody outside was told of %v: the search is blind", args[2:])
	}
	_, _ = fmt.Fprintf(ts.Stdout(), "%d places, %d bytes, %d finds\n", len(places), bytes, found)
}

// surroundings are an incident's channel, who is in it, and what they were given to
// answer by.
type surroundings struct {
	ws      *slackfake.Workspace
	channel string
	members []string
	owner   map[string]string // of triggers and response addresses, a person
}

func (s *stage) surroundings(ts *testscript.TestScript, channel string, names []string) surroundings {
	ch, ok := s.ws.Channel(channel)
	if !ok {
		ts.Fatalf("there is no channel %s", channel)
	}
	o := surroundings{ws: s.ws, channel: ch.ID, owner: map[string]string{}}
	for _, name := range names {
		o.members = append(o.members, s.people[name])
	}
	for _, d := range s.ws.Deliveries() {
		payload, user := delivered(d)
		for _, key := range []string{"trigger_id", "response_url"} {
			if id, ok := payload[key].(string); ok && id != "" {
				o.owner[id] = user
			}
		}
	}
	return o
}

// delivered is what a delivery says, and whose doing it was.
func delivered(d slackfake.Delivery) (map[string]any, string) {
	var payload map[string]any
	if json.Unmarshal(d.Payload, &payload) != nil {
		return nil, ""
	}
	if user, ok := payload["user_id"].(string); ok {
		return payload, user
	}
	user, _ := payload["user"].(map[string]any)
	id, _ := user["id"].(string)
	return payload, id
}

// places are all that Slack was sent and that others than members can see.
func (o surroundings) places() map[string]string {
	all := map[string]string{}
	for _, c := range o.ws.Calls("") {
		if c.Method != "answer" && !o.inside(c) {
			all[fmt.Sprint("Slack by ", c.Method, " ", c.Seq)] = fmt.Sprint(c.Args)
		}
	}
	for _, d := range o.ws.Deliveries() {
		if _, user := delivered(d); !slices.Contains(o.members, user) {
			for _, a := range d.Attempts {
				all[fmt.Sprint("who sent ", d.Kind, " ", d.ID)] += string(a.Body)
			}
		}
	}
	for _, f := range o.ws.Files() {
		if slices.ContainsFunc(f.Shares, func(s slackfake.Share) bool { return !o.within(s.Channel) }) {
			all["readers of the file "+f.ID] = f.Name + f.Title + string(f.Content)
		}
	}
	return all
}

// inside says whether only members see what a call does.
func (o surroundings) inside(c slackfake.Call) bool {
	switch c.Method {
	case "upload": // nobody sees a file before it is shared; then places has it
		return true
	case "response_url":
		for address, user := range o.owner {
			if strings.HasSuffix(address, c.Args["url"]) && c.Args["url"] != "" {
				return slices.Contains(o.members, user)
			}
		}
		return false
	case "views.open":
		return slices.Contains(o.members, o.owner[c.Args["trigger_id"]])
	case "views.publish":
		return slices.Contains(o.members, c.Args["user_id"])
	case "chat.postEphemeral":
		return slices.Contains(o.members, c.Args["user"])
	}
	for _, name := range []string{"channel", "channel_id"} {
		if id := c.Args[name]; id != "" {
			return o.within(id)
		}
	}
	return false
}

// within says whether only members are in a conversation.
func (o surroundings) within(id string) bool {
	if id == o.channel {
		return true
	}
	for _, ch := range o.ws.Snapshot().Channels {
		if ch.ID == id && ch.Kind == slackfake.Direct {
			return !slices.ContainsFunc(ch.Members, func(m string) bool {
				return m != o.ws.Identity().BotUserID && !slices.Contains(o.members, m)
			})
		}
	}
	return slices.Contains(o.members, id) // a message to a person
}

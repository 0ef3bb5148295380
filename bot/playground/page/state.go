package page

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// State is what one person sees, and the state of the stage around them.
type State struct {
	As       string    `json:"as"`
	Now      time.Time `json:"now"`
	Ahead    int64     `json:"ahead"` // seconds that the clock was moved
	People   []Person  `json:"people"`
	Channels []Channel `json:"channels"`
	Home     *View     `json:"home"`
	Modal    *View     `json:"modal"`
	Pager    Pager     `json:"pager"`
	Faults   []string  `json:"faults"` // in force
	RFOs     []RFO     `json:"rfos"`
}

// Person is somebody in the workspace.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Real  string `json:"real"`
	Zone  string `json:"zone"`
	Guest bool   `json:"guest"`
	Bot   bool   `json:"bot"`
}

// Channel is a conversation as a person sees it.
type Channel struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Kind      string     `json:"kind"` // Slack's: public_channel, private_channel, im, mpim
	With      []string   `json:"with"` // members
	Member    bool       `json:"member"`
	Archived  bool       `json:"archived"`
	Topic     string     `json:"topic"`
	Pins      []string   `json:"pins"` // stamps
	Bookmarks []Bookmark `json:"bookmarks"`
	Messages  []Message  `json:"messages"`
}

// Bookmark is a link above a channel.
type Bookmark struct {
	Title string `json:"title"`
	Link  string `json:"link"`
	Emoji string `json:"emoji"`
}

// Message is a message, or one that only the viewer sees.
type Message struct {
	TS     string          `json:"ts"`
	Thread string          `json:"thread"`
	User   string          `json:"user"`
	Note   bool            `json:"note"` // written by Slack itself
	Own    bool            `json:"own"`  // only the viewer sees it
	Text   string          `json:"text"`
	Blocks json.RawMessage `json:"blocks"`
	Edited bool            `json:"edited"`
	Emoji  []Emoji         `json:"emoji"`
	Files  []File          `json:"files"`
}

// Emoji is a reaction.
type Emoji struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// File is a file in a message.
type File struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Size  int    `json:"size"`
	Head  string `json:"head"` // its first lines
}

// View is a modal or an App Home.
type View struct {
	ID     string `json:"id"`
	Hash   string `json:"hash"`
	Title  string `json:"title"`
	Submit string `json:"submit"`
	Close  string `json:"close"`
	Blocks any    `json:"blocks"`
}

// RFO is an incident's document.
type RFO struct {
	Key       string `json:"key"`
	Name      string `json:"name"` // of its channel
	Published bool   `json:"published"`
}

// headLines is how much of a file its card shows.
const headLines = 12

func (p *Page) serveState(w http.ResponseWriter, r *http.Request) {
	s, ok := p.state(r.URL.Query().Get("as"))
	if !ok {
		refuse(w, http.StatusNotFound, "There is no such person in the workspace.")
		return
	}
	answer(w, http.StatusOK, s)
}

// state is what a person sees.
func (p *Page) state(as string) (State, bool) {
	snap := p.stage.Slack.Snapshot()
	s := State{As: as, Now: p.stage.Now(), Ahead: int64(p.stage.Ahead() / time.Second), Pager: p.pager(), Faults: p.inForce()}
	s.People = peopleOf(snap)
	if !slices.ContainsFunc(s.People, func(one Person) bool { return one.ID == as && !one.Bot }) {
		return s, false
	}
	for _, ch := range snap.Channels {
		if sees(snap, ch, as) {
			s.Channels = append(s.Channels, channelFor(snap, ch, as))
		}
	}
	s.RFOs = documents(snap, as)
	if v, ok := snap.Homes[as]; ok {
		s.Home = viewOf(v)
	}
	if stack := snap.Views[as]; len(stack) > 0 {
		s.Modal = viewOf(stack[len(stack)-1])
	}
	return s, true
}

// peopleOf are all who are not deactivated.
func peopleOf(snap slackfake.Snapshot) []Person {
	out := []Person{}
	for _, u := range snap.Users {
		if !u.Deleted {
			out = append(out, Person{u.ID, u.Name, u.RealName, u.TZ, u.Guest || u.Single, u.Bot})
		}
	}
	return out
}

// sees says whether Slack's client would list a conversation: a public one to full members, any other to whoever is in it.
func sees(snap slackfake.Snapshot, ch slackfake.ChannelView, as string) bool {
	if slices.Contains(ch.Members, as) {
		return true
	}
	return ch.Kind == slackfake.Public && !slices.ContainsFunc(snap.Users, func(u slackfake.User) bool {
		return u.ID == as && (u.Guest || u.Single)
	})
}

func channelFor(snap slackfake.Snapshot, ch slackfake.ChannelView, as string) Channel {
	out := Channel{
		ID: ch.ID, Name: ch.Name, Kind: string(ch.Kind), With: ch.Members, Member: slices.Contains(ch.Members, as), Archived: ch.Archived,
		Topic: ch.Topic, Pins: []string{}, Bookmarks: []Bookmark{}, Messages: []Message{},
	}
	for _, pin := range ch.Pins {
		out.Pins = append(out.Pins, pin.TS)
	}
	for _, b := range ch.Bookmarks {
		out.Bookmarks = append(out.Bookmarks, Bookmark{b.Title, b.Link, b.Emoji})
	}
	for _, m := range ch.Messages {
		one := Message{
			TS: m.TS, Thread: m.ThreadTS, User: m.User, Note: m.Subtype != "" && m.Subtype != "file_share", Text: m.Text, Blocks: m.Blocks, Edited: m.EditedTS != "",
			Emoji: []Emoji{}, Files: filesOf(snap, m.Files),
		}
		for _, r := range m.Reactions {
			one.Emoji = append(one.Emoji, Emoji{r.Name, r.Users})
		}
		out.Messages = append(out.Messages, one)
	}
	for _, e := range snap.Ephemerals {
		if e.To == as && e.Channel == ch.ID && !e.Gone {
			out.Messages = append(out.Messages, Message{
				TS: e.TS, Thread: e.ThreadTS, User: snap.BotUserID, Own: true, Text: e.Text, Blocks: e.Blocks, Emoji: []Emoji{}, Files: []File{},
			})
		}
	}
	slices.SortStableFunc(out.Messages, func(a, b Message) int { return strings.Compare(a.TS, b.TS) })
	return out
}

func filesOf(snap slackfake.Snapshot, ids []string) []File {
	out := []File{}
	for _, f := range snap.Files {
		if slices.Contains(ids, f.ID) {
			head := ""
			if utf8.Valid(f.Content) {
				head = string(f.Content)
			}
			lines := strings.SplitN(head, "\n", headLines+1)
			out = append(out, File{f.ID, f.Name, f.Title, f.Size, strings.Join(lines[:min(headLines, len(lines))], "\n")})
		}
	}
	return out
}

func viewOf(v slackfake.View) *View {
	return &View{ID: v.ID, Hash: v.Hash, Title: v.Title, Submit: plain(v.Raw["submit"]), Close: plain(v.Raw["close"]), Blocks: v.Blocks}
}

// plain is the text of a plain_text object.
func plain(v any) string {
	o, _ := v.(map[string]any)
	s, _ := o["text"].(string)
	return s
}

var (
	roomOf     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^inc-(\d+)`) })
	documentOf = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^INC-(\d+)`) })
)

// documents are the incidents whose channel somebody is in, or could enter, with what was uploaded to them.
func documents(snap slackfake.Snapshot, as string) []RFO {
	out := []RFO{}
	for _, ch := range snap.Channels {
		m := roomOf().FindStringSubmatch(ch.Name)
		if m == nil || !sees(snap, ch, as) {
			continue
		}
		one := RFO{Key: "INC-" + m[1], Name: ch.Name}
		for _, f := range snap.Files {
			n := documentOf().FindStringSubmatch(f.Name)
			one.Published = one.Published || f.Complete && n != nil && n[1] == m[1]
		}
		out = append(out, one)
	}
	return out
}

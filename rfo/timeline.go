package rfo

import (
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Timeline is what happened. The body of the document shows the key rows; the
// others are in the full log.
type Timeline struct {
	Rows    []Row  `json:"rows"`
	LogURL  string `json:"log_url,omitempty"`
	Command string `json:"log_command"` // prints the full log
}

// RowKind says what sort of thing happened.
type RowKind string

// The kinds of rows.
const (
	SignalRow   RowKind = "signal"
	DecisionRow RowKind = "decision"
	ActionRow   RowKind = "action"
	StatusRow   RowKind = "status"
	CommsRow    RowKind = "comms"
	NoteRow     RowKind = "note"
	ReviewRow   RowKind = "review" // of the document and its actions, not of the response
)

// Row is one entry.
type Row struct {
	At      time.Time `json:"at"`
	Later   time.Time `json:"recorded,omitzero"` // when it was recorded, if that was later
	Kind    RowKind   `json:"kind"`
	Who     string    `json:"who"`
	Text    string    `json:"text"`
	Entry   string    `json:"entry"`
	URL     string    `json:"url,omitempty"`     // of the entry
	Message string    `json:"message,omitempty"` // link to the message it was made from
	Edited  bool      `json:"edited,omitempty"`
	Key     bool      `json:"key,omitempty"` // stands in the body
	Seconds bool      `json:"-"`             // shares its minute with another row of the body
}

// bodyRows is how many rows the body shows at most beside the key ones: a
// document of two pages, with the log behind a link.
const bodyRows = 30

// rowKinds sorts events. What is not here is sorted by what it touches, so that
// an event that this table does not know yet still finds its place.
var rowKinds = map[string]RowKind{
	"first_error": SignalRow, "started": SignalRow, "detected": SignalRow, "acked": SignalRow,
	"comms": CommsRow, "update.sent": CommsRow, "noted": NoteRow, "message.pinned": NoteRow, "tasks.confirmed": ActionRow,
}

// notKey are events of a key kind that say nothing to a later reader.
var notKey = map[string]bool{
	"leader.named": true, "leader.declined": true, "leader.asked": true, "leader.missed": true, "leader.answered": true, "leader.reminded": true, "leader.nominated": true,
	"update.drafted": true, "update.stopped": true, "update.missed": true, "entry.edited": true, "entry.hidden": true, "message.edited": true, "message.unpinned": true,
	"retitled": true, "channel.bound": true, "channel.lost": true, "undone": true,
}

// corrected are the events that give a moment a new value: an entry whose value
// no longer holds would contradict the rest of the document.
var corrected = map[string]bool{"first_error": true, "started": true, "detected": true, "acked": true, "mitigated": true}

// sortRow says what kind of row an event is, and how much it matters: 1 always
// stands in the body, 2 and 3 while there is room, 4 never.
func sortRow(r incident.Record, marked bool) (kind RowKind, rank int) {
	kind, rank = NoteRow, 2
	for _, key := range r.Event.Keys() {
		part, _, _ := strings.Cut(key, ":")
		switch part {
		case "opened", "status", "severity":
			kind, rank = StatusRow, 1
		case "decision", "deadlock":
			kind, rank = DecisionRow, 1
		case "impact":
			kind, rank = StatusRow, 1
		case "stamp":
			kind, rank = SignalRow, 1
		case "leader", "call":
			kind, rank = ActionRow, 1
		case "service":
			kind, rank = ActionRow, 1
		case "task":
			kind, rank = ActionRow, 3
		case "customer":
			kind, rank = CommsRow, 3
		case "update":
			kind, rank = CommsRow, 1
		case "action", "answer", "title", "rfo":
			if rank == 2 {
				kind, rank = ReviewRow, 4
			}
		}
	}
	name := r.Event.Kind()
	if k, ok := rowKinds[name]; ok {
		kind = k
	}
	switch {
	case marked:
		rank = 1
	case notKey[name], corrected[name]:
		rank = 4
	}
	return kind, rank
}

// timeline reads the log aloud, the way incident.Timeline does.
func (b *builder) timeline() Timeline {
	t := Timeline{Command: "rollcall timeline " + b.inc.Key(), LogURL: b.page("")}
	marked := map[string]bool{}
	for _, s := range b.moments.list {
		if s.Quality != missing && s.Name != published {
			marked[s.Entry] = true
		}
	}
	message := b.messages()
	byRank := map[int][]int{}
	for _, l := range incident.Timeline(b.inc, b.all, b.people) {
		r := b.bySeq[l.Seq]
		entry := incident.EntryID(l.Seq)
		kind, rank := sortRow(r, marked[entry])
		row := Row{
			At: l.At.UTC(), Kind: kind, Who: b.actor(l.By), Text: oneLine(unmark(l.Text)), Entry: entry, Edited: l.Edited,
			URL: b.page("#" + entry), Message: message[l.Seq], Key: rank == 1,
		}
		if link := incident.Permalink(r); row.Message == "" && web(link) {
			row.Message = link
		}
		if c, ok := r.Event.(incident.CallSet); ok && !l.Edited {
			row.Text = "call open"
			if c.Provider != "" {
				row.Text += " (" + clean(c.Provider) + ")"
			}
		}
		if u, ok := r.Event.(incident.UpdateWent); ok && l.By == incident.System {
			if sent, ok := b.inc.Log.Update(u.Entry); ok { // the clock sent what a person wrote
				row.Who = b.actor(sent.By)
			}
		}
		if !r.At.Equal(r.Occurred) {
			row.Later = r.At.UTC()
		}
		byRank[rank] = append(byRank[rank], len(t.Rows))
		t.Rows = append(t.Rows, row)
	}
	body := len(byRank[1])
	for _, rank := range []int{2, 3} { // notes first, then who had which task
		if body += len(byRank[rank]); body > bodyRows {
			break
		}
		for _, n := range byRank[rank] {
			t.Rows[n].Key = true
		}
	}
	t.markSeconds()
	return t
}

// Body are the rows that the document shows.
func (t Timeline) Body() []Row {
	return slices.DeleteFunc(slices.Clone(t.Rows), func(r Row) bool { return !r.Key })
}

// Rest is how many entries stand only in the full log.
func (t Timeline) Rest() int { return len(t.Rows) - len(t.Body()) }

// markSeconds asks for seconds where two rows of the body share a minute.
func (t Timeline) markSeconds() {
	last := -1
	for n, row := range t.Rows {
		if !row.Key {
			continue
		}
		if last >= 0 && when(t.Rows[last].At) == when(row.At) {
			t.Rows[last].Seconds, t.Rows[n].Seconds = true, true
		}
		last = n
	}
}

// messages maps entries to the message that each was made from.
func (b *builder) messages() map[int64]string {
	links := map[int64]string{}
	if b.options.MessageURL == nil {
		return links
	}
	for message, seq := range b.inc.Log.Pins {
		channel, ts, _ := strings.Cut(message, ":")
		if url := b.options.MessageURL(channel, ts); web(url) {
			links[seq] = url
		}
	}
	return links
}

// page is the address of the incident's page, or "".
func (b *builder) page(fragment string) string {
	base := strings.TrimRight(b.options.BaseURL, "/")
	if !web(base) {
		return ""
	}
	return base + "/incidents/" + b.inc.Key() + fragment
}

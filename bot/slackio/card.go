package slackio

import (
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// drawing is one card being drawn: pure, from the incident as it is now.
type drawing struct {
	book *say.Book
	i    *incident.Incident
	v    outbound.View
}

// draws maps the cards that are messages to what draws them. A card whose name
// has a colon ("task:T2") is drawn by what stands for the part before it, with
// the part after it as id. ok is false when there is nothing to show.
var draws = map[string]func(d drawing, id string) (m Message, ok bool){
	string(incident.SummaryCard):      drawing.summary,
	string(incident.AnnouncementCard): drawing.announcement,
	string(incident.BoardCard):        drawing.board,
	"task":                            drawing.task,
	"decision":                        drawing.decision,
	"update":                          drawing.update,
}

// draw renders a card that is a message.
func draw(book *say.Book, i *incident.Incident, v outbound.View, card incident.Card) (Message, bool) {
	kind, id, _ := strings.Cut(string(card), ":")
	by, known := draws[kind]
	if !known {
		return Message{}, false
	}
	m, ok := by(drawing{book: book, i: i, v: v}, id)
	m.Op = string(i.ID) + "/" + string(card)
	return m, ok
}

// text words a part of a card. People are named and not called: a card is drawn
// again and again.
func (d drawing) text(id string, args incident.Args) string {
	return d.book.Text(incident.Say{ID: id, Args: args}, say.Slack{Who: d.v.Who})
}

// calling is text in which people are mentioned, for cards that somebody has to
// notice when they are posted. Slack calls nobody when they are edited.
func (d drawing) calling(id string, args incident.Args) string {
	return d.book.Text(incident.Say{ID: id, Args: args}, say.Slack{Who: d.v.Who, Mentions: true})
}

// button is a button that runs a line of the grammar: verbs and ids only,
// nothing that a person typed.
func (d drawing) button(text, name, line string) *slack.ButtonBlockElement {
	return run(name, d.label(text), d.i.ID, line)
}

func (d drawing) label(text string) string {
	return d.book.Text(incident.Say{ID: text}, say.Plain{Who: d.v.Who})
}

// one is a message of one paragraph, which is also its text.
func one(text string, blocks ...slack.Block) Message {
	return Message{Text: text, Blocks: append([]slack.Block{section(text)}, blocks...)}
}

// common are the arguments that several cards share.
func (d drawing) common() incident.Args {
	i := d.i
	since := i.Identity.OpenedAt
	reason := ""
	if n := len(i.Life.Marks); n > 0 {
		since = i.Life.Marks[n-1].At
	}
	if i.Life.Status == incident.Cancelled {
		reason = i.Life.Reason
	}
	return incident.Args{
		"key": i.Key(), "title": i.Identity.Title, "severity": i.Life.Severity, "status": string(i.Life.Status),
		"since": since, "reason": reason, "drill": i.Identity.Drill,
		"mark":   incident.Say{ID: "card.mark", Args: incident.Args{"drill": i.Identity.Drill}},
		"state":  incident.Say{ID: "card.status", Args: incident.Args{"status": string(i.Life.Status)}},
		"leads":  incident.Say{ID: "card.leader", Args: incident.Args{"leader": i.Leadership.Leader, "named": i.Leadership.Named}},
		"impact": d.impact(), "channel": i.Channel.ID,
	}
}

func (d drawing) impact() string {
	m, ok := d.i.Review.CurrentImpact()
	if !ok {
		return ""
	}
	return clip(m.Phrase())
}

// lastUpdate is the latest message to stakeholders; an empty paragraph, which is
// never sent, when there is none.
func (d drawing) lastUpdate() slack.Block {
	u, ok := d.i.Log.LastUpdate()
	if !ok || d.hidden(u.Seq) {
		return section("")
	}
	return section(d.text("card.update", incident.Args{"text": clip(d.wording(u.Seq, u.Text)), "by": u.By, "at": u.Sent}))
}

// wording is an entry's text as it was last edited.
func (d drawing) wording(seq int64, text string) string {
	if edits := d.i.Log.Edits[seq]; len(edits) > 0 {
		return edits[len(edits)-1].Text
	}
	return text
}

// hidden says whether an entry was taken off the timeline; its card says no more than that.
func (d drawing) hidden(seq int64) bool {
	_, hidden := d.i.Log.Hidden[seq]
	return hidden
}

// clipLimit is how much of a long text a card quotes that is about more than it.
const clipLimit = 300

func clip(text string) string { return cut(text, clipLimit, ellipsis) }

// link is an address that can stand in <address|text>: "" when it is none, or
// not one of the web's.
func link(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return strings.NewReplacer("|", "%7C", "<", "%3C", ">", "%3E", " ", "%20", "`", "%60").Replace(u.String())
}

// entry reads an id such as "E12"; 0 when it is none.
func entry(id string) int64 {
	digits, ok := strings.CutPrefix(id, "E")
	if !ok {
		return 0
	}
	return number(digits)
}

func number(digits string) int64 {
	var n int64
	for _, r := range digits {
		if r < '0' || r > '9' || n > 1<<40 {
			return 0
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

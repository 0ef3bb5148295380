package bot

import (
	"strings"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var statuspageRow = &Row{
	Stem: "statuspage", Words: "statuspage", Group: groupTell, Scope: inIncidentSurely,
	Usage: []string{"statuspage", "statuspage [investigating|identified|monitoring] TEXT"},
	Help:  "words what the public status page is to say; nothing is public before somebody presses Publish",
	Bare: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		return c.publicPage(), nil, c.end()
	},
	Change: func(c *Invocation) (incident.Command, error) {
		cmd := incident.DraftNotice{}
		status, given := c.keyword(noticeStatuses()...)
		if cmd.Status = incident.NoticeStatus(status); given && c.rest.Empty() {
			return nil, misfit{}
		}
		cmd.Text = c.text()
		return cmd, nil
	},
}

var statuspagePublishRow = &Row{
	Stem: "statuspage_publish", Words: "statuspage publish", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"statuspage publish E9"}, Help: "puts such a text on the public status page",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.PublishNotice{Entry: c.id(), Confirmed: c.Request.Confirmed}, c.end()
	},
}

var statuspageEditRow = &Row{
	Stem: "statuspage_edit", Words: "statuspage edit", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"statuspage edit E9 TEXT"}, Help: "gives such a text another wording before it is public",
	Change: func(c *Invocation) (incident.Command, error) {
		cmd := incident.EditNotice{Entry: c.id()}
		if c.rest.Empty() {
			return nil, misfit{}
		}
		cmd.Text = c.text()
		return cmd, nil
	},
}

var statuspageTitleRow = &Row{
	Stem: "statuspage_edit", Words: "statuspage title", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"statuspage title E9 TITLE"}, Help: "gives it another title; the page goes on with the last one that was published",
	Change: func(c *Invocation) (incident.Command, error) {
		cmd := incident.EditNotice{Entry: c.id()}
		if c.rest.Empty() {
			return nil, misfit{}
		}
		cmd.Title = c.text()
		return cmd, nil
	},
}

var statuspageStopRow = &Row{
	Stem: "statuspage_stop", Words: "statuspage stop", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"statuspage stop E9"}, Help: "takes it back before it is public",
	Change: func(c *Invocation) (incident.Command, error) { return incident.StopNotice{Entry: c.id()}, c.end() },
}

func noticeStatuses() []string {
	words := make([]string, 0, len(incident.NoticeStatuses))
	for _, s := range incident.NoticeStatuses {
		words = append(words, string(s))
	}
	return words
}

// publicPage is what the status page says, and what is held or on its way.
func (c *Invocation) publicPage() incident.Say {
	if !c.service.Policy.Public.On {
		return incident.Say{ID: "statuspage.off"}
	}
	page := c.Incident.Log.Public
	out, held, moving := []incident.Args{}, []incident.Args{}, []incident.Args{}
	for _, n := range page.Notices {
		one := incident.Args{"id": n.ID(), "title": n.Title, "status": string(n.Status), "text": n.Text}
		switch n.State {
		case incident.NoticeOut:
			out = []incident.Args{one} // the page begins with the last
		case incident.NoticeHeld:
			held = append(held, one)
		case incident.NoticePublished:
			moving = append(moving, one)
		default: // nobody reads it
		}
	}
	return incident.Say{ID: "statuspage.now", Args: incident.Args{
		"key": c.Incident.Key(), "notices": len(page.Notices), "out": out, "held": held, "moving": moving, "url": page.URL,
	}}
}

// noticeForms are the forms for texts of the status page.
func noticeForms() map[string]form {
	places := map[string]string{"statuspage.long": "name"}
	return map[string]form{
		"statuspage": {
			stem: "statuspage", words: "statuspage", main: "text", places: places, open: (*Invocation).noticeForm,
			read: func(_ *Invocation, f *Submitted, _ meta) (incident.Command, error) {
				return incident.DraftNotice{
					Title: typedText(f.Values["name"]), Status: incident.NoticeStatus(f.Values["status"]), Text: typedText(f.Values["text"]),
				}, nil
			},
		},
		"statuspage edit": {
			stem: "statuspage_edit", words: "statuspage edit", main: "text", places: places, open: (*Invocation).noticeEditForm,
			read: func(_ *Invocation, f *Submitted, m meta) (incident.Command, error) {
				return incident.EditNotice{
					Entry: m.about(), Title: typedText(f.Values["name"]), Status: incident.NoticeStatus(f.Values["status"]), Text: typedText(f.Values["text"]),
				}, nil
			},
		},
	}
}

func (c *Invocation) noticeForm() (Form, error) {
	if !c.service.Policy.Public.On {
		return Form{}, &incident.Error{Code: incident.Conflict, Say: incident.Say{ID: "statuspage.off"}}
	}
	return c.noticeFields("statuspage", "", c.Incident.NextNotice(c.service.Policy))
}

func (c *Invocation) noticeEditForm() (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	n, ok := c.Incident.Log.Public.Notice(entry)
	if !ok {
		return Form{}, &incident.Error{Code: incident.NotFound, Say: incident.Say{ID: "statuspage.unknown", Args: incident.Args{"id": incident.EntryID(entry)}}}
	}
	return c.noticeFields("statuspage edit", n.ID(), n.PublicWords)
}

func (c *Invocation) noticeFields(name, about string, w incident.PublicWords) (Form, error) {
	statuses := make([]Option, 0, len(incident.NoticeStatuses))
	for _, s := range noticeStatuses() {
		statuses = append(statuses, Option{s, strings.ToUpper(s[:1]) + s[1:]})
	}
	components := []incident.Args{}
	for _, one := range w.Components {
		components = append(components, incident.Args{"service": one.Service, "state": strings.ReplaceAll(one.State, "_", " ")})
	}
	fact := incident.Args{"components": components, "now": ""}
	if last, ok := c.Incident.Log.Public.Last(); ok {
		fact["now"] = last.Text
	}
	return c.blank(name, about,
		Field{ID: "name", Kind: LineField, Value: w.Title, Fact: c.plain("form.statuspage.fact", fact)},
		Field{ID: "status", Kind: PickField, Options: statuses, Value: string(w.Status)},
		Field{ID: "text", Kind: TextField, Value: w.Text},
	)
}

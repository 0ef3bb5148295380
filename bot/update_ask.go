package bot

import (
	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
)

var updateAskRow = &Row{
	Stem: "update_ask", Words: "update ask", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"update ask E9 TEXT"}, Help: "asks the leader one question about an update",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.AskAboutUpdate{Entry: c.id(), Text: c.text()}, nil
	},
}

var updateAnswerRow = &Row{
	Stem: "update_answer", Words: "update answer", ID: 'E', Group: groupTell, Scope: inIncident,
	Usage: []string{"update answer E12 TEXT"}, Help: "answers such a question",
	Change: func(c *Invocation) (incident.Command, error) {
		return incident.AnswerAboutUpdate{Entry: c.id(), Text: c.text()}, nil
	},
}

// entryForm is a form of one text about an entry, which is the next word.
func (c *Invocation) entryForm(name, value, fact string) (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	return c.blank(name, incident.EntryID(entry), Field{ID: "text", Kind: TextField, Value: value, Fact: fact})
}

// about is the entry that a form is about.
func (m meta) about() int64 {
	entry, _ := grammar.Entry(word(m.About))
	return entry
}

// askForm asks what somebody wants to know, beside the update.
func (c *Invocation) askForm() (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	u, _ := c.Incident.Log.Update(entry)
	return c.entryForm("update ask", "", incident.PlainText(u.Text, c.names()))
}

// answerForm asks for the answer, beside the question.
func (c *Invocation) answerForm() (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	q, _ := c.Incident.Log.Inquiry(entry)
	return c.entryForm("update answer", "", incident.PlainText(q.Text, c.names()))
}

// updateEditForm is prefilled with an update that did not go out.
func (c *Invocation) updateEditForm() (Form, error) {
	w, _ := c.rest.Next()
	entry, _ := grammar.Entry(w)
	u, _ := c.Incident.Log.Update(entry)
	return c.entryForm("update edit", incident.PlainText(u.Text, c.names()), c.audienceFact())
}

// updateForms are the forms about an update that is there.
func updateForms() map[string]form {
	return map[string]form{
		"update edit": {
			stem: "update_edit", words: "update edit", also: true, main: "text", open: (*Invocation).updateEditForm,
			read: func(_ *Invocation, f *Submitted, m meta) (incident.Command, error) {
				return incident.EditUpdate{Entry: m.about(), Text: typedText(f.Values["text"])}, nil
			},
		},
		"update ask": {
			stem: "update_ask", words: "update ask", main: "text", open: (*Invocation).askForm,
			read: func(_ *Invocation, f *Submitted, m meta) (incident.Command, error) {
				return incident.AskAboutUpdate{Entry: m.about(), Text: typedText(f.Values["text"])}, nil
			},
		},
		"update answer": {
			stem: "update_answer", words: "update answer", main: "text", open: (*Invocation).answerForm,
			read: func(_ *Invocation, f *Submitted, m meta) (incident.Command, error) {
				return incident.AnswerAboutUpdate{Entry: m.about(), Text: typedText(f.Values["text"])}, nil
			},
		},
	}
}

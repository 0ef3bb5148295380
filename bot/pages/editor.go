package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Questions asks what an RFO answers, and words refusals.
type Questions interface {
	RFOQuestions(*storage.Reader, incident.PersonID, *incident.Incident) ([]bot.RFOQuestion, error)
	Refusal(*storage.Reader, *incident.Error) string
}

// seenField is what the field is called that says which answer a text was written
// over: "seen.cause".
const seenField = "seen."

// editor is the form in which the answers are edited.
type editor struct {
	ID      string // of this submission, so that sending it twice is one save
	Trouble string
	Saved   bool
	Shut    string // why nothing can be answered; "" while it can
	Answers []answerField
}

// answerField is one question with the text that is in its box.
type answerField struct {
	Name, Ask, Fact string
	Required        bool
	Text            string
	Rows            int
	Seq             int64 // of the answer that the writer has before them
	By              string
	At              time.Time
	// Theirs is what somebody saved since the writer opened the page, who changed
	// the same answer; Undone says that the answer was taken back instead.
	Theirs string
	Undone bool
}

// submission is the form as it was sent.
type submission struct {
	id    string
	texts map[string]string
	over  map[string]int64
}

// submitted reads the form. ok is false when it holds no answers at all.
func (s *Server) submitted(r *http.Request) (form submission, ok bool) {
	form = submission{id: r.PostFormValue("id"), texts: map[string]string{}, over: map[string]int64{}}
	if !formID().MatchString(form.id) {
		form.id = s.NewID()
	}
	for _, q := range incident.Questions {
		if !r.PostForm.Has(q.Name) {
			continue
		}
		form.texts[q.Name] = strings.ReplaceAll(r.PostFormValue(q.Name), "\r\n", "\n")
		form.over[q.Name] = 0
		if seq, err := strconv.ParseInt(r.PostFormValue(seenField+q.Name), 10, 64); err == nil && seq > 0 {
			form.over[q.Name] = seq
		}
	}
	return form, len(form.texts) > 0
}

// print is of what was sent: whoever goes back and changes something sends another
// form, though under the same id.
func (f submission) print() string {
	h := sha256.New()
	for _, q := range incident.Questions {
		if text, ok := f.texts[q.Name]; ok {
			_, _ = io.WriteString(h, q.Name+" "+strconv.FormatInt(f.over[q.Name], 10)+" "+strconv.Itoa(len(text))+" "+text)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// typedAnswers are the texts of a form of answers, for whoever has to copy them.
func typedAnswers(r *http.Request) string {
	if !strings.HasSuffix(r.URL.Path, "/rfo") || r.Method != http.MethodPost {
		return ""
	}
	var all []string
	for _, q := range incident.Questions {
		if text := strings.TrimSpace(r.PostFormValue(q.Name)); text != "" {
			all = append(all, q.Name+":\n"+text)
		}
	}
	return strings.Join(all, "\n\n")
}

// answers saves what was changed in the editor, as if its writer had typed
// `rfo answer …` in the channel. What was typed comes back whenever it is not saved.
func (s *Server) answers(w http.ResponseWriter, r *http.Request) {
	form, ok := s.submitted(r)
	var writer visitor
	var id incident.ID
	err := s.Store.Read(r.Context(), func(rd *storage.Reader) (err error) {
		if writer, id, err = s.sees(r, rd); err == nil && writer.only != "" {
			err = errStranger // by a link: notes only
		}
		return err
	})
	switch {
	case storage.IsNotFound(err):
		s.missing(w, r, writer)
	case err != nil && !errors.Is(err, errStranger):
		s.broken(w, r, err)
	case err != nil:
		s.stop(w, r, http.StatusUnauthorized, gate{Trouble: "This was NOT saved: answers are written by people who are signed in. Copy it before you leave.", Typed: typedAnswers(r)})
	case !ok:
		s.editorWith(w, r, http.StatusUnprocessableEntity, editor{ID: s.NewID(), Trouble: "NOT saved: there was no answer in the form."}, nil)
	default:
		s.save(w, r, writer, id, form)
	}
}

func (s *Server) save(w http.ResponseWriter, r *http.Request, writer visitor, id incident.ID, form submission) {
	sent, err := bot.EditedRFO(id, form.texts, form.over)
	if err != nil {
		s.broken(w, r, err)
		return
	}
	a := s.Door.Handle(r.Context(), bot.Request{
		// An id is good for its writer and incident only: nobody can use up another's.
		Delivery: bot.Delivery{Source: "page.rfo", ID: string(writer.ID) + "/" + string(id) + "/" + form.id + "/" + form.print()},
		From:     bot.From{Team: writer.TeamID, User: writer.SlackID, Name: writer.Name},
		Surface:  Surface, Incident: id, Form: sent,
	})
	switch a.Kind {
	case bot.Done, bot.Shown:
		number, _ := keyNumber(r.PathValue("key"))
		http.Redirect(w, r, address(number)+"/rfo?saved#answers", http.StatusSeeOther)
	case bot.NotSaved:
		// With the same id: should it have been saved after all, it is not saved again.
		s.editorWith(w, r, http.StatusServiceUnavailable, editor{
			ID: form.id, Trouble: "NOT saved, as far as is known: the database did not answer. Your texts are below. Save again in a moment; nothing will be there twice.",
		}, &form)
	case bot.Refused, bot.Asked, bot.Silent:
		s.editorWith(w, r, http.StatusUnprocessableEntity, editor{ID: s.NewID(), Trouble: "NOT saved: " + a.Text}, &form)
	}
}

// editorWith shows the RFO's page with what is in the editor.
func (s *Server) editorWith(w http.ResponseWriter, r *http.Request, status int, e editor, form *submission) {
	var body rfoView
	v, ok := s.one(w, r, true, func(rd *storage.Reader, v visitor, inc *incident.Incident) error {
		d, err := s.Document(rd, inc)
		if err != nil {
			return err
		}
		body = rfoView{Key: d.Head.Key, Title: d.Head.Title, State: d.Head.State, Customer: customers(r)}
		if body.Customer {
			body.Text = string(s.forCustomers(d))
			return nil
		}
		return s.fill(&e, rd, v, inc, form)
	})
	if !ok {
		return
	}
	body.Editor = e
	w.Header().Set("Content-Security-Policy", policy+"; frame-src 'self'")
	s.show(w, r, status, layoutRFO, v.frame("RFO of "+body.Key, ""), body)
}

// fill puts the answers into the editor, and over them what was typed: a text that
// its writer changed stays in its box, whatever was saved meanwhile.
func (s *Server) fill(e *editor, rd *storage.Reader, v visitor, inc *incident.Incident, form *submission) error {
	all, err := s.Questions.RFOQuestions(rd, v.ID, inc)
	var refused *incident.Error
	if errors.As(err, &refused) && form == nil {
		e.Shut = s.Questions.Refusal(rd, refused)
		return nil
	}
	if errors.As(err, &refused) { // it ended under the writer's hands: the texts are shown to be copied
		for _, q := range incident.Questions {
			e.add(answerField{Name: q.Name, Ask: q.Name, Text: form.texts[q.Name]})
		}
		return nil
	}
	if err != nil {
		return err
	}
	for _, q := range all {
		e.add(boxOf(q, form))
	}
	return nil
}

func boxOf(q bot.RFOQuestion, form *submission) answerField {
	f := answerField{Name: q.Name, Ask: q.Ask, Fact: q.Fact, Required: q.Required, Text: q.Text, Seq: q.Seq, By: q.By, At: q.At}
	if form == nil {
		return f
	}
	mine, sent := form.texts[q.Name]
	over := form.over[q.Name]
	if !sent || q.Same(mine, q.Was(over)) || q.Same(mine, q.Text) {
		return f
	}
	f.Text = mine
	if over != q.Seq {
		f.Theirs, f.Undone = q.Text, q.Seq == 0
	}
	return f
}

// add adds a question whose box is as high as its text, within bounds.
func (e *editor) add(f answerField) {
	const line, least, most = 80, 3, 24
	rows := 1
	for one := range strings.SplitSeq(f.Text, "\n") {
		rows += 1 + len(one)/line
	}
	f.Rows = min(max(rows, least), most)
	e.Answers = append(e.Answers, f)
}

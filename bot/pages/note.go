package pages

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Surface is what the timeline's log says of notes that were written on a page.
const Surface = bot.SurfacePage

// formID is what the id of a submission looks like.
var formID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`) })

// note takes a note in, as if its writer had typed `note …` in the channel. What
// was typed comes back whenever it is not on the timeline.
func (s *Server) note(w http.ResponseWriter, r *http.Request) {
	typed := strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	again := r.PostFormValue("id")
	if !formID().MatchString(again) {
		again = s.NewID()
	}
	var writer visitor
	var id incident.ID
	err := s.Store.Read(r.Context(), func(rd *storage.Reader) (err error) {
		writer, id, err = s.sees(r, rd)
		return err
	})
	switch {
	case storage.IsNotFound(err):
		s.missing(w, r, writer)
	case err != nil && !errors.Is(err, errStranger):
		s.broken(w, r, err)
	case err != nil:
		s.stop(w, r, http.StatusUnauthorized, gate{Trouble: "This was NOT saved: you are not let in any more. Copy it before you leave.", Typed: typed})
	case strings.TrimSpace(typed) == "":
		s.incidentWith(w, r, http.StatusUnprocessableEntity, noteForm{ID: s.NewID(), Trouble: "There is nothing in the note yet."})
	default:
		s.noted(w, r, noteForm{ID: again, Text: typed}, s.Door.Handle(r.Context(), bot.Request{
			// An id is good for its writer and incident only: nobody can use up another's.
			Delivery: bot.Delivery{Source: "page.note", ID: string(writer.ID) + "/" + string(id) + "/" + again},
			From:     bot.From{Team: writer.TeamID, User: writer.SlackID, Name: writer.Name},
			Surface:  Surface, Incident: id, Text: "note " + say.Escape(typed), Confirmed: true,
		}))
	}
}

// noted shows what came of a note.
func (s *Server) noted(w http.ResponseWriter, r *http.Request, form noteForm, a bot.Answer) {
	switch a.Kind {
	case bot.Done, bot.Shown:
		number, _ := keyNumber(r.PathValue("key"))
		http.Redirect(w, r, address(number)+"?noted#note", http.StatusSeeOther)
	case bot.NotSaved:
		// With the same id: should it have been saved after all, it is not saved again.
		form.Trouble = "NOT saved, as far as is known: the database did not answer. Send it again in a moment; it will not be there twice."
		s.incidentWith(w, r, http.StatusServiceUnavailable, form)
	case bot.Refused, bot.Asked, bot.Silent:
		form.ID, form.Trouble = s.NewID(), "NOT saved: "+a.Text
		s.incidentWith(w, r, http.StatusUnprocessableEntity, form)
	}
}

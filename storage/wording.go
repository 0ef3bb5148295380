package storage

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage/engine"
)

// similarLook bounds how many incidents that share a word are looked at, the
// latest first: somebody waits for the answer. It is before anything is left out.
const similarLook = 60

// Similar is an incident that shares words with another one.
type Similar struct {
	Brief
	Wording  incident.Wording // in the words that it is found by, but for the services
	Likeness float64          // 0 to 1; incident.AlikeFrom says from where on it is worth telling
}

// VisibleSimilar are the incidents with a number below before (0 for all) that
// share a word with one about w and that the actor may see: the most alike first,
// then the latest. Drills, false alarms and duplicates are left out.
func (r *Reader) VisibleSimilar(actor incident.PersonID, w incident.Wording, before int) ([]Similar, error) {
	return r.similar(r.gate(), text(actor), w, before)
}

// PublicSimilar is VisibleSimilar for what everybody reads: of private incidents
// it says nothing.
func (r *Reader) PublicSimilar(w incident.Wording, before int) ([]Similar, error) {
	return r.similar(public, Local, w, before)
}

func (r *Reader) similar(gate, who string, w incident.Wording, before int) ([]Similar, error) {
	words := w.Query()
	if len(words) == 0 {
		return nil, nil
	}
	for _, one := range words { // of incidents that were written before their plurals were cut
		words = append(words, one+"s")
	}
	searcher, ok := r.s.db.(engine.Searcher)
	if !ok {
		return nil, &Error{Code: Internal, Err: errors.New("this database cannot look for words")}
	}
	condition, value := searcher.Search("$2", words)
	values := args{who, value, Local, int64(similarLook)}
	if before > 0 {
		condition, values = condition+" AND docid < $5", append(values, int64(before))
	}
	list, err := collect(r, `SELECT i.id, i.number, i.title, i.status, i.severity, i.private, i.drill,
		i.channel_id, i.channel_name, i.leader, i.opened_at, i.updated_at, w.title, w.cause, w.class, w.services
		FROM (SELECT docid, title, cause, class, services FROM wording w WHERE `+condition+` ORDER BY docid DESC LIMIT $4) w
		JOIN incident i ON i.workspace = $3 AND i.number = w.docid
		WHERE i.drill = 0 AND i.status NOT IN ('cancelled', 'merged') AND `+gate+` ORDER BY w.docid DESC`, values, scanSimilar)
	if err != nil {
		return nil, err
	}
	wordings := make([]incident.Wording, 0, len(list))
	for _, s := range list {
		wordings = append(wordings, s.Wording)
	}
	for n, likeness := range w.Likenesses(wordings) {
		list[n].Likeness = likeness
	}
	slices.SortStableFunc(list, func(a, b Similar) int { return cmp.Compare(b.Likeness, a.Likeness) })
	return list, nil
}

func scanSimilar(rows scanner) (Similar, error) {
	var s Similar
	var services string
	err := s.scan(func(dest ...any) error {
		return rows.Scan(append(dest, &s.Wording.Title, &s.Wording.Cause, &s.Wording.Class, &services)...)
	})
	s.Wording.Services = strings.Fields(services)
	return s, err
}

// worded is a wording as it is stored.
type worded struct{ title, cause, class, services string }

func wordedOf(w incident.Wording) worded {
	terms := func(text string) string { return clean(strings.Join(incident.Terms(text), " ")) }
	services := strings.Join(w.Services, " ")
	return worded{terms(w.Title), terms(w.Cause), terms(w.Class), clean(services[:min(len(services), maxServices)])}
}

// maxServices bounds what is kept of the services' names, in bytes.
const maxServices = 2000

// word keeps what an incident can be found by, when it changed.
func (tx *Tx) word(f *fold) error {
	said := f.inc.Wording()
	if said.Equal(f.wording) {
		return nil
	}
	w := wordedOf(said)
	if w == f.worded {
		f.wording = said
		return nil
	}
	number := int64(f.inc.Identity.Number)
	if f.worded != (worded{}) || f.version > 1 {
		if _, err := tx.exec(`DELETE FROM wording WHERE docid = $1`, number); err != nil {
			return err
		}
	}
	_, err := tx.exec(`INSERT INTO wording (docid, title, cause, class, services) VALUES ($1, $2, $3, $4, $5)`, number, w.title, w.cause, w.class, w.services)
	f.wording, f.worded = said, w
	return err
}

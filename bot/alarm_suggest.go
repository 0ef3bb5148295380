package bot

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// maxAttach bounds the buttons that attach an alarm to an incident going on; the
// rest is reached by `INC-7 alarm attach`, or by opening and merging.
const maxAttach = 3

// Suggestion is an alarm to show in the announcement channel, with the buttons
// that open an incident, attach it to one that is going on, or leave it alone.
// ok is false when there is nothing to suggest any more. Nothing of a private
// incident is in it.
func (s *Service) Suggestion(ctx context.Context, id string) (text incident.Say, buttons []Button, ok bool, err error) {
	err = s.Store.Write(ctx, func(tx *storage.Tx) error {
		text, buttons, ok = incident.Say{}, nil, false
		row, err := tx.AlarmByID(id)
		if storage.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		held, err := Held(row)
		if err != nil || row.Incident != "" || held.Ignored {
			return err
		}
		a := held.Alarm()
		if a.State() == incident.Quiet {
			return nil
		}
		text, ok = suggestionText(a), true
		text.Args["why"] = held.why()
		choices, err := suggestionChoices(tx, id)
		if err != nil {
			return err
		}
		for _, c := range choices {
			b, err := s.offerButton(tx, c)
			if err != nil {
				return err
			}
			buttons = append(buttons, b)
		}
		return nil
	})
	return text, buttons, ok && err == nil, err
}

func suggestionText(a incident.Alarm) incident.Say {
	var about []string
	for _, word := range []string{a.Service.Value, a.Urgency.Value, a.Priority.Value} {
		if word != "" {
			about = append(about, word)
		}
	}
	return incident.Say{ID: "alarm_suggest.card", Args: incident.Args{
		"source": incident.SourceName(a.Ref.Source), "name": a.Name(), "about": strings.Join(about, ", "), "began": a.Began,
		"url": a.URL.Value, "taken": a.State() == incident.Taken, "with": a.With.Value,
	}}
}

func suggestionChoices(tx *storage.Tx, id string) ([]incident.Choice, error) {
	choices := []incident.Choice{{Label: incident.Say{ID: "choice.alarm_open"}, Line: "alarm open " + id, Confirmed: true}}
	briefs, err := tx.RawOpen()
	if err != nil {
		return nil, err
	}
	for _, b := range briefs {
		if b.Private || b.Drill || len(choices) > maxAttach {
			continue
		}
		key := incident.Key(b.Number)
		choices = append(choices, incident.Choice{
			Label: incident.Say{ID: "choice.alarm_attach", Args: incident.Args{"key": key}}, Line: key + " alarm attach " + id, Confirmed: true,
		})
	}
	return append(choices, incident.Choice{Label: incident.Say{ID: "choice.alarm_ignore"}, Line: "alarm ignore " + id, Confirmed: true}), nil
}

// offerButton stores an offer that belongs to no incident, and is its button.
func (s *Service) offerButton(tx *storage.Tx, c incident.Choice) (Button, error) {
	line, err := json.Marshal(offered{Line: c.Line, Confirmed: c.Confirmed})
	if err != nil {
		return Button{}, err
	}
	b := Button{Label: s.Book.Text(c.Label, label{names{tx.Reader}})}
	b.Offer, err = tx.SaveOffer(storage.Offer{ID: s.NewID(), Line: string(line), At: s.Clock.Now()})
	return b, err
}

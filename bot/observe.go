package bot

import (
	"context"
	"slices"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Observe takes in what happened in Slack without anybody speaking to Rollcall:
// who came and went, and channels that are gone. An error means that it was not
// stored and has to be sent again.
func (s *Service) Observe(ctx context.Context, h Happening) error {
	if h.Type == Present {
		s.see(ctx, h.Channel, h.User)
		return nil
	}
	see, ok := happenings[h.Type]
	if !ok {
		return nil
	}
	if slices.Contains(messageEvents, h.Type) {
		if matters, err := s.ofInterest(ctx, h); err != nil || !matters {
			return err
		}
	}
	return s.Store.Write(ctx, func(tx *storage.Tx) error {
		_, again, err := tx.Earlier(h.Delivery.Source, h.Delivery.ID)
		if err != nil || again {
			return err
		}
		if err := see(s, tx, h); err != nil {
			return err
		}
		if h.Delivery.ID == "" {
			return nil
		}
		return tx.SaveDelivery(storage.Delivery{Source: h.Delivery.Source, ID: h.Delivery.ID, At: s.Clock.Now()})
	})
}

var happenings = map[string]func(*Service, *storage.Tx, Happening) error{
	"member_joined_channel": (*Service).joined,
	"member_left_channel":   (*Service).left,
	"team_join":             (*Service).personChanged,
	"user_change":           (*Service).personChanged,
	"channel_archive":       (*Service).channelLost,
	"group_archive":         (*Service).channelLost,
	"channel_deleted":       (*Service).channelLost,
	"group_deleted":         (*Service).channelLost,
	"channel_left":          (*Service).channelLost,
	"group_left":            (*Service).channelLost,
	"reaction_added":        (*Service).touched,
	"reaction_removed":      (*Service).touched,
	"message_changed":       (*Service).touched,
	"message_deleted":       (*Service).touched,
	"app_home_opened":       (*Service).homeOpened,
}

// joined lets whoever is in a private incident's channel see the incident.
func (s *Service) joined(tx *storage.Tx, h Happening) error {
	id, err := tx.RawByChannel(h.Channel)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := tx.PersonBySlack(h.User)
	if storage.IsNotFound(err) {
		p.ID, err = s.arrived(tx, h)
	}
	if err != nil {
		return err
	}
	return tx.AddMember(id, p.ID, s.Clock.Now())
}

// arrived takes somebody in who is not on the roster. Until Slack has said who they
// are they count as a guest: they may be one, or of another workspace.
func (s *Service) arrived(tx *storage.Tx, h Happening) (incident.PersonID, error) {
	known, err := rosterKnown(tx.Reader)
	if err != nil {
		return "", err
	}
	id, err := tx.UpsertPerson(storage.Person{SlackID: h.User, TeamID: h.Team, Guest: known})
	if err != nil {
		return "", err
	}
	return id, tx.Enqueue(PersonArgs{SlackID: h.User}, nil)
}

// left takes the sight of the incident away with the channel.
func (s *Service) left(tx *storage.Tx, h Happening) error {
	id, err := tx.RawByChannel(h.Channel)
	if err == nil {
		var p storage.Person
		if p, err = tx.PersonBySlack(h.User); err == nil {
			return tx.RemoveMember(id, p.ID)
		}
	}
	if storage.IsNotFound(err) {
		return nil
	}
	return err
}

// personChanged has the person looked up again.
func (s *Service) personChanged(tx *storage.Tx, h Happening) error {
	if h.User == "" {
		return nil
	}
	return tx.Enqueue(PersonArgs{SlackID: h.User}, nil)
}

// channelLost notes that an incident has no channel any more; it goes on without.
func (s *Service) channelLost(tx *storage.Tx, h Happening) error {
	id, err := tx.RawByChannel(h.Channel)
	if storage.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	inc, err := tx.RawIncident(id)
	if err != nil {
		return err
	}
	stamp := incident.Stamp{At: s.Clock.Now(), Command: incident.CommandID(s.NewID()), Surface: "worker"}
	_, err = s.decide(tx, inc, incident.LoseChannel{Reason: h.Type}, stamp, s.self())
	if _, refused := refusal(err); refused {
		return nil // already noted
	}
	return err
}

// PersonArgs is the job that asks Slack who somebody is.
type PersonArgs struct {
	SlackID string `json:"slack_id"`
}

// Kind is "person".
func (PersonArgs) Kind() string { return "person" }

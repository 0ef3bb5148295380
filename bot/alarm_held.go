package bot

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/calls"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// Responder is somebody to whom another system gave an alarm. Without an e-mail
// address a worker asks that system for it.
type Responder struct {
	ID     string `json:"id,omitempty"` // over there
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	OnCall bool   `json:"on_call,omitempty"` // ID is of an escalation policy, whoever is on call for it is meant
}

// AlarmPlan is how an incident is opened for an alarm.
type AlarmPlan struct {
	Rule     string   `json:"rule,omitempty"`
	Severity int      `json:"severity,omitempty"` // 0 for the configured one
	Invite   []string `json:"invite,omitempty"`   // e-mail addresses or Slack ids
	Tasks    []string `json:"tasks,omitempty"`    // beside the default ones
}

// HeldAlarm is what is kept of an alarm that belongs to no incident (yet).
type HeldAlarm struct {
	Reports    []incident.AlarmReport `json:"reports"`
	Responders []Responder            `json:"responders,omitempty"`
	Plan       AlarmPlan              `json:"plan"`
	Suggested  bool                   `json:"suggested,omitempty"`
	Ignored    bool                   `json:"ignored,omitempty"` // by a person
}

// heldReports bounds what is kept of an alarm that nobody takes up: the first
// report and the latest.
const heldReports = 100

// Add keeps a report.
func (h *HeldAlarm) Add(r incident.AlarmReport, who []Responder) {
	h.Reports = append(h.Reports, r)
	if n := len(h.Reports); n > heldReports {
		h.Reports = append(slices.Clone(h.Reports[:1]), h.Reports[n-heldReports+1:]...)
	}
	for _, w := range who {
		if !slices.Contains(h.Responders, w) && len(h.Responders) < heldReports {
			h.Responders = append(h.Responders, w)
		}
	}
}

// Alarm is what the reports say.
func (h HeldAlarm) Alarm() incident.Alarm { return incident.FoldAlarm(h.Reports) }

// why is what the latest report of its going off says beside its title; "" for nothing.
func (h HeldAlarm) why() string {
	for _, r := range slices.Backward(h.Reports) {
		if r.Raises() && r.Text != "" {
			return r.Text
		}
	}
	return ""
}

// Held reads what is kept of an alarm.
func Held(a storage.Alarm) (h HeldAlarm, err error) {
	if a.Body == "" {
		return h, nil
	}
	err = json.Unmarshal([]byte(a.Body), &h)
	return h, err
}

// Hold stores what is to be kept of an alarm.
func (h HeldAlarm) Hold(tx *storage.Tx, a storage.Alarm) (storage.Alarm, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return a, err
	}
	a.Body = string(body)
	return tx.SaveAlarm(a)
}

// Opening is the command that opens an incident for an alarm. who are the
// people of the plan that are known.
func (s *Service) Opening(h HeldAlarm, plan calls.Plan, who []incident.PersonID) incident.OpenIncident {
	a := h.Alarm()
	title := a.Title.Value
	if title == "" {
		title = "Alarm " + a.Ref.ID + " of " + incident.SourceName(a.Ref.Source)
	}
	cmd := incident.OpenIncident{Title: title, Severity: h.Plan.Severity, Call: planned(plan), Rooms: plan.Rooms, Invite: who, Tasks: h.Plan.Tasks}
	for _, p := range s.Policy.Services {
		if strings.EqualFold(p.Name, a.Service.Value) {
			cmd.Services = []string{p.Name}
		}
	}
	return cmd
}

// Self decides a command of Rollcall's own inside a transaction, for an incident
// that the transaction has loaded or has just opened. A refusal is an *incident.Error.
func (s *Service) Self(tx *storage.Tx, inc *incident.Incident, cmd incident.Command) error {
	stamp := incident.Stamp{
		At: s.Clock.Now(), Actor: incident.System, Command: incident.CommandID(s.NewID()), Surface: "worker",
	}
	_, err := s.decide(tx, inc, cmd, stamp, s.self())
	return err
}

// alarmClaim is the scope in which an alarm belongs to one incident.
const alarmClaim = "alarm"

// Adopt gives an alarm to an incident: its reports in the order in which they
// happened, and the people to whom it was given.
func (s *Service) Adopt(tx *storage.Tx, inc *incident.Incident, a storage.Alarm, h HeldAlarm) error {
	if _, _, err := tx.Claim(alarmClaim, a.Ref.Key(), inc.ID); err != nil {
		return err
	}
	reports := slices.Clone(h.Reports)
	slices.SortStableFunc(reports, func(x, y incident.AlarmReport) int { return x.At.Compare(y.At) })
	for _, r := range reports {
		if err := s.Self(tx, inc, r.Command()); err != nil {
			return err
		}
	}
	a.Incident, a.Body = inc.ID, ""
	if _, err := tx.SaveAlarm(a); err != nil {
		return err
	}
	return s.summon(tx, inc.ID, a.Ref.Source, append(invitees(h.Plan.Invite), h.Responders...))
}

// invitees are the people whom the settings name.
func invitees(names []string) []Responder {
	var list []Responder
	for _, n := range names {
		if strings.Contains(n, "@") {
			list = append(list, Responder{Name: n, Email: n})
		} else {
			list = append(list, Responder{Name: n})
		}
	}
	return list
}

// summon has a worker find the people in Slack and invite them.
func (s *Service) summon(tx *storage.Tx, id incident.ID, source string, who []Responder) error {
	if len(who) == 0 {
		return nil
	}
	return tx.Enqueue(SummonArgs{Incident: id, Source: source, Who: who}, nil)
}

// SummonArgs is the job that invites the people to whom an alarm was given.
type SummonArgs struct {
	Incident incident.ID `json:"incident"`
	Source   string      `json:"source"`
	Who      []Responder `json:"who"`
}

// Kind is "alarm.summon".
func (SummonArgs) Kind() string { return "alarm.summon" }

// StandingArgs is the job that tells of trouble inside the program that lasts, or that
// it is over.
type StandingArgs struct {
	Trouble string `json:"trouble"` // its kind
}

// Kind is "ops.standing".
func (StandingArgs) Kind() string { return "ops.standing" }

// SuggestArgs is the job that shows an alarm in the announcement channel, with
// the ways on.
type SuggestArgs struct {
	Alarm string    `json:"alarm"`       // our id
	At    time.Time `json:"at,omitzero"` // when it was decided, on Rollcall's clock; zero in a job of an older program
}

// Kind is "alarm.suggest".
func (SuggestArgs) Kind() string { return "alarm.suggest" }

// Report gives a further report to the incident that has the alarm, or to the one
// that this went on in.
func (s *Service) Report(tx *storage.Tx, id incident.ID, r incident.AlarmReport, who []Responder) error {
	inc, err := s.Follow(tx, id)
	if err != nil {
		return err
	}
	if err := s.Self(tx, inc, r.Command()); err != nil {
		return err
	}
	return s.summon(tx, inc.ID, r.Ref.Source, who)
}

// maxMerges bounds how far an incident is followed through merges.
const maxMerges = 20

// Follow is the incident, or the one that it went on in.
func (s *Service) Follow(tx *storage.Tx, id incident.ID) (*incident.Incident, error) {
	inc, err := tx.RawIncident(id)
	for n := 0; err == nil && inc.Life.Status == incident.Merged && inc.Life.MergedTo != "" && n < maxMerges; n++ {
		inc, err = tx.RawIncident(inc.Life.MergedTo)
	}
	return inc, err
}

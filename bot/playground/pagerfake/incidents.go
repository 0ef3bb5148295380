package pagerfake

import (
	"net/http"
	"slices"
	"time"
)

// The states of an incident.
const (
	Triggered    = "triggered"
	Acknowledged = "acknowledged"
	Resolved     = "resolved"
)

// Incident is an incident as it stands now.
type Incident struct {
	ID        string
	Number    int
	Title     string
	Status    string
	Urgency   string
	Key       string // incident_key, or the dedup_key of the event that opened it
	ServiceID string
	PolicyID  string
	Assignees []string // ids of people
	Life
}

// Life is what happened to an incident.
type Life struct {
	Created    time.Time
	Changed    time.Time // its last change of status
	AckedBy    string
	Notes      []Note
	Updates    []string // status updates
	Responders []Responder
	ConfURL    string // of the conference bridge
	Resolution string
}

// Note is a note on an incident.
type Note struct {
	ID, UserID, Content string
	At                  time.Time
}

// Responder is somebody who was asked to join.
type Responder struct {
	UserID, Message string
	At              time.Time
}

// Page is a notification that went to a person.
type Page struct {
	UserID, IncidentID, Title string
	At                        time.Time
}

func (s *state) incident(id string) *Incident {
	for _, i := range s.incidents {
		if i.ID == id {
			return i
		}
	}
	return nil
}

// open is the incident of a service that is not resolved and has this key.
func (s *state) open(serviceID, key string) *Incident {
	for _, i := range s.incidents {
		if key != "" && i.Key == key && i.ServiceID == serviceID && i.Status != Resolved {
			return i
		}
	}
	return nil
}

// Incidents returns the incidents as they stand, oldest first.
func (a *Account) Incidents() []Incident {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]Incident, 0, len(a.state.incidents))
	for _, i := range a.state.incidents {
		one := *i
		one.Assignees, one.Notes = slices.Clone(i.Assignees), slices.Clone(i.Notes)
		one.Updates, one.Responders = slices.Clone(i.Updates), slices.Clone(i.Responders)
		out = append(out, one)
	}
	return out
}

// Pages returns who was notified of what, in order.
func (a *Account) Pages() []Page {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.state.pages)
}

// incidentObject is an incident as the REST API shows it.
func (a *Account) incidentObject(i *Incident) obj {
	out := a.reference("incident", "incidents", i.ID, "[#"+itoa(i.Number)+"] "+i.Title)
	assignments := []obj{}
	for _, id := range i.Assignees {
		if u := a.state.user(id); u != nil {
			assignments = append(assignments, obj{"at": stamp(i.Created), "assignee": a.userRef(u)})
		}
	}
	acks := []obj{}
	if u := a.state.user(i.AckedBy); u != nil && i.Status == Acknowledged {
		acks = append(acks, obj{"at": stamp(i.Changed), "acknowledger": a.userRef(u)})
	}
	responders := []obj{}
	for _, r := range i.Responders {
		if u := a.state.user(r.UserID); u != nil {
			responders = append(responders, obj{"state": "pending", "user": a.userRef(u), "message": r.Message, "requested_at": stamp(r.At)})
		}
	}
	for k, v := range (obj{
		"incidents_responders": responders,
		"type":                 "incident", "incident_number": i.Number, "title": i.Title, "description": i.Title, "status": i.Status,
		"urgency": i.Urgency, "incident_key": i.Key, "created_at": stamp(i.Created), "last_status_change_at": stamp(i.Changed),
		"assignments": assignments, "acknowledgements": acks, "teams": []obj{}, "priority": nil, "is_mergeable": true,
	}) {
		out[k] = v
	}
	if s := a.state.serviceEver(i.ServiceID); s != nil {
		out["service"] = a.serviceRef(s)
	}
	if s := a.state.policy(i.PolicyID); s != nil {
		out["escalation_policy"] = a.policyRef(s)
	}
	if i.ConfURL != "" {
		out["conference_bridge"] = obj{"conference_url": i.ConfURL}
	}
	if i.Status == Resolved {
		out["resolved_at"] = stamp(i.Changed)
	}
	return out
}

// serviceEver finds a service even when it was deleted: its incidents stay.
func (s *state) serviceEver(id string) *Service {
	for _, v := range s.services {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// incidentsList is GET /incidents: newest last, filtered by status, key, service and time.
func incidentsList(c *call) (int, obj, error) {
	since, until, err := c.span()
	if err != nil {
		return 0, nil, err
	}
	statuses, services, people := c.queries("statuses"), c.queries("service_ids"), c.queries("user_ids")
	for _, s := range statuses {
		if s != Triggered && s != Acknowledged && s != Resolved {
			return 0, nil, invalid("Status must be a list of triggered, acknowledged, or resolved.")
		}
	}
	all := []obj{}
	for _, i := range c.state.incidents {
		assigned := slices.ContainsFunc(i.Assignees, func(id string) bool { return slices.Contains(people, id) })
		switch {
		case i.Created.Before(since) || i.Created.After(until),
			len(statuses) > 0 && !slices.Contains(statuses, i.Status),
			len(services) > 0 && !slices.Contains(services, i.ServiceID),
			len(people) > 0 && !assigned,
			c.query("incident_key") != "" && c.query("incident_key") != i.Key:
		default:
			all = append(all, c.incidentObject(i))
		}
	}
	return page(c, "incidents", all)
}

// span reads since and until; without them it is the last month (the OpenAPI document on listIncidents).
func (c *call) span() (since, until time.Time, err error) {
	since, until = c.at.AddDate(0, -1, 0), c.at
	for name, into := range map[string]*time.Time{"since": &since, "until": &until} {
		if s := c.query(name); s != "" {
			if *into, err = time.Parse(time.RFC3339, s); err != nil {
				return since, until, invalid(name + " is not a valid ISO 8601 date")
			}
		}
	}
	if c.query("date_range") == "all" {
		return time.Time{}, c.at, nil
	}
	if until.Sub(since) > 184*24*time.Hour {
		return since, until, invalid("Date range must be less than 6 months.")
	}
	return since, until, nil
}

func incidentsGet(c *call) (int, obj, error) {
	i := c.state.incident(c.r.PathValue("id"))
	if i == nil {
		return 0, nil, errNotFound
	}
	return http.StatusOK, obj{"incident": c.incidentObject(i)}, nil
}

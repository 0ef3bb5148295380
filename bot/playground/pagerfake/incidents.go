package pagerfake

import (
	"cmp"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"
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
	for k, v := range (obj{
		"type": "incident", "incident_number": i.Number, "title": i.Title, "description": i.Title, "status": i.Status,
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

// ref is a reference within a request.
type ref struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// newIncident is the body of POST /incidents.
type newIncident struct {
	Type        string `json:"type"`
	Title       string `json:"title"`
	Service     *ref   `json:"service"`
	Urgency     string `json:"urgency"`
	Key         string `json:"incident_key"`
	Policy      *ref   `json:"escalation_policy"`
	Assignments []struct {
		Assignee ref `json:"assignee"`
	} `json:"assignments"`
	Bridge *struct {
		URL string `json:"conference_url"`
	} `json:"conference_bridge"`
}

// faults are what is wrong with a new incident.
func (in newIncident) faults() (faults []string) {
	switch {
	case in.Title == "":
		faults = append(faults, "Title cannot be empty.")
	case utf8.RuneCountInString(in.Title) > 1024:
		faults = append(faults, "Title is too long (maximum is 1024 characters).")
	}
	if in.Type != "incident" {
		faults = append(faults, "Type must be incident.")
	}
	if in.Service == nil || in.Service.ID == "" {
		faults = append(faults, "Service cannot be empty.")
	}
	if in.Urgency != "" && in.Urgency != "high" && in.Urgency != "low" {
		faults = append(faults, "Urgency must be high or low.")
	}
	if in.Policy != nil && len(in.Assignments) > 0 {
		faults = append(faults, "Assignments and escalation policy cannot both be given.")
	}
	return faults
}

// incidentsCreate is POST /incidents. A key of an open incident of the same service is refused with 400.
func incidentsCreate(c *call) (int, obj, error) {
	if err := c.needsFrom(); err != nil {
		return 0, nil, err
	}
	var body struct {
		Incident *newIncident `json:"incident"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	if body.Incident == nil {
		return 0, nil, invalid("Incident cannot be empty.")
	}
	in := *body.Incident
	if faults := in.faults(); faults != nil {
		return 0, nil, invalid(faults...)
	}
	service := c.state.service(in.Service.ID)
	switch {
	case service == nil:
		return 0, nil, errNotFound
	case c.state.open(service.ID, in.Key) != nil:
		return 0, nil, arguments("Open incident with matching dedup key already exists on this service")
	}
	i := c.add(service, in.Title, in.Urgency, in.Key)
	if in.Bridge != nil {
		i.ConfURL = in.Bridge.URL
	}
	policy := service
	if in.Policy != nil {
		if policy = c.state.policy(in.Policy.ID); policy == nil {
			return 0, nil, c.forget(i, invalid("Escalation policy not found"))
		}
		i.PolicyID = policy.PolicyID
	}
	to := policy.OnCall[:min(1, len(policy.OnCall))]
	if len(in.Assignments) > 0 {
		to = nil
		for _, as := range in.Assignments {
			if c.state.user(as.Assignee.ID) == nil {
				return 0, nil, c.forget(i, invalid("Assignee not found"))
			}
			to = append(to, as.Assignee.ID)
		}
	}
	c.assign(i, to)
	c.emit("incident.triggered", i, c.from, nil)
	return http.StatusCreated, obj{"incident": c.incidentObject(i)}, nil
}

// add makes an incident.
func (a *Account) add(s *Service, title, urgency, key string) *Incident {
	at := a.now()
	i := &Incident{
		ID: a.state.nextID("PI"), Number: len(a.state.incidents) + 1, Title: title, Status: Triggered,
		Urgency: cmp.Or(urgency, "high"), Key: cmp.Or(key, a.state.nextID("key")), ServiceID: s.ID, PolicyID: s.PolicyID,
		Life: Life{Created: at, Changed: at},
	}
	a.state.incidents = append(a.state.incidents, i)
	return i
}

// forget takes an incident back that could not be made.
func (a *Account) forget(i *Incident, err error) error {
	a.state.incidents = slices.DeleteFunc(a.state.incidents, func(o *Incident) bool { return o == i })
	return err
}

// assign gives an incident to people, who are paged.
func (a *Account) assign(i *Incident, to []string) {
	i.Assignees = slices.Clone(to)
	for _, id := range to {
		a.state.pages = append(a.state.pages, Page{UserID: id, IncidentID: i.ID, Title: i.Title, At: a.now()})
	}
}

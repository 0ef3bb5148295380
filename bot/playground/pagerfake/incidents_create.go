package pagerfake

import (
	"cmp"
	"net/http"
	"slices"
	"unicode/utf8"
)

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

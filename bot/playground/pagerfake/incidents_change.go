package pagerfake

import (
	"net/http"
	"strconv"
	"unicode/utf8"
)

// maxNotes is how many notes an incident takes (PagerDuty's OpenAPI document, createIncidentNote).
const maxNotes = 2000

func itoa(n int) string { return strconv.Itoa(n) }

// change is what PUT may ask of an incident.
type change struct {
	ID          string `json:"id"`
	Type        string `json:"type"`
	Status      string `json:"status"`
	Title       string `json:"title"`
	Urgency     string `json:"urgency"`
	Resolution  string `json:"resolution"`
	Level       int    `json:"escalation_level"`
	Assignments []struct {
		Assignee ref `json:"assignee"`
	} `json:"assignments"`
}

func incidentsUpdate(c *call) (int, obj, error) {
	if err := c.needsFrom(); err != nil {
		return 0, nil, err
	}
	var body struct {
		Incident *change `json:"incident"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	i := c.state.incident(c.r.PathValue("id"))
	switch {
	case i == nil:
		return 0, nil, errNotFound
	case body.Incident == nil:
		return 0, nil, invalid("Incident cannot be empty.")
	}
	if err := c.change(i, *body.Incident); err != nil {
		return 0, nil, err
	}
	return http.StatusOK, obj{"incident": c.incidentObject(i)}, nil
}

// incidentsManage is PUT /incidents: several at once.
func incidentsManage(c *call) (int, obj, error) {
	if err := c.needsFrom(); err != nil {
		return 0, nil, err
	}
	var body struct {
		Incidents []change `json:"incidents"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	out := []obj{}
	for _, ch := range body.Incidents {
		i := c.state.incident(ch.ID)
		if i == nil {
			return 0, nil, errNotFound
		}
		if err := c.change(i, ch); err != nil {
			return 0, nil, err
		}
		out = append(out, c.incidentObject(i))
	}
	return http.StatusOK, obj{"incidents": out, "limit": 25, "offset": 0, "more": false}, nil
}

// change carries a change out: a state that is asked for again stays as it is, what is resolved stays resolved.
func (c *call) change(i *Incident, ch change) error {
	switch {
	case ch.Type != "incident" && ch.Type != "incident_reference":
		return invalid("Type must be incident.")
	case ch.Status != "" && ch.Status != Triggered && ch.Status != Acknowledged && ch.Status != Resolved:
		return invalid("Status must be one of triggered, acknowledged, resolved.")
	case i.Status == Resolved && ch.Status != "" && ch.Status != Resolved:
		return invalid("Incident Already Resolved")
	case utf8.RuneCountInString(ch.Title) > 1024:
		return invalid("Title is too long (maximum is 1024 characters).")
	}
	if ch.Title != "" {
		i.Title = ch.Title
	}
	if ch.Urgency != "" {
		i.Urgency = ch.Urgency
	}
	if ch.Resolution != "" {
		i.Resolution = ch.Resolution
	}
	if to, err := c.targets(i, ch); err != nil {
		return err
	} else if to != nil {
		c.assign(i, to)
		kind := "incident.reassigned"
		if ch.Level > 0 {
			kind = "incident.escalated"
		}
		c.emit(kind, i, c.from, nil)
	}
	c.turn(i, ch.Status, c.from)
	return nil
}

// targets are the people that a change gives an incident to; nil when it stays.
func (c *call) targets(i *Incident, ch change) ([]string, error) {
	if ch.Level > 0 {
		s := c.state.policy(i.PolicyID)
		if s == nil || ch.Level > len(s.OnCall) {
			return nil, invalid("Escalation level is out of range.")
		}
		return []string{s.OnCall[ch.Level-1]}, nil
	}
	var to []string
	for _, as := range ch.Assignments {
		if c.state.user(as.Assignee.ID) == nil {
			return nil, invalid("Assignee not found")
		}
		to = append(to, as.Assignee.ID)
	}
	return to, nil
}

// turn changes the status.
func (a *Account) turn(i *Incident, status string, by *User) {
	if status == "" || status == i.Status {
		return
	}
	was := i.Status
	i.Status, i.Changed = status, a.now()
	kind := "incident." + status
	switch {
	case status == Acknowledged && by != nil:
		i.AckedBy = by.ID
	case status == Triggered && was == Acknowledged:
		kind = "incident.unacknowledged"
	case status == Triggered && was == Resolved:
		kind = "incident.reopened"
	}
	a.emit(kind, i, by, nil)
}

func notesList(c *call) (int, obj, error) {
	i := c.state.incident(c.r.PathValue("id"))
	if i == nil {
		return 0, nil, errNotFound
	}
	out := []obj{}
	for _, n := range i.Notes {
		out = append(out, c.noteObject(n))
	}
	return http.StatusOK, obj{"notes": out}, nil
}

func (a *Account) noteObject(n Note) obj {
	out := obj{"id": n.ID, "content": n.Content, "created_at": stamp(n.At)}
	if u := a.state.user(n.UserID); u != nil {
		out["user"] = a.userRef(u)
	}
	return out
}

func notesCreate(c *call) (int, obj, error) {
	if err := c.needsFrom(); err != nil {
		return 0, nil, err
	}
	var body struct {
		Note *struct {
			Content string `json:"content"`
		} `json:"note"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	i := c.state.incident(c.r.PathValue("id"))
	switch {
	case i == nil:
		return 0, nil, errNotFound
	case body.Note == nil || body.Note.Content == "":
		return 0, nil, invalid("Content cannot be empty.")
	case len(i.Notes) >= maxNotes:
		return 0, nil, invalid("Incident has too many notes.")
	}
	n := c.note(i, c.from, body.Note.Content)
	return http.StatusCreated, obj{"note": c.noteObject(n)}, nil
}

func (a *Account) note(i *Incident, by *User, content string) Note {
	n := Note{ID: a.state.nextID("PN"), UserID: by.ID, Content: content, At: a.now()}
	i.Notes = append(i.Notes, n)
	a.emit("incident.annotated", i, by, obj{
		"type": "incident_note", "id": n.ID, "content": content, "trimmed": false,
		"incident": a.reference("incident", "incidents", i.ID, i.Title),
	})
	return n
}

func statusUpdatesCreate(c *call) (int, obj, error) {
	if err := c.needsFrom(); err != nil {
		return 0, nil, err
	}
	var body struct {
		Message string `json:"message"`
		Subject string `json:"subject"`
		HTML    string `json:"html_message"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	i := c.state.incident(c.r.PathValue("id"))
	switch {
	case i == nil:
		return 0, nil, errNotFound
	case body.Message == "":
		return 0, nil, invalid("Message cannot be empty.")
	case (body.Subject == "") != (body.HTML == ""):
		return 0, nil, invalid("Subject and html_message must be given together.")
	}
	i.Updates = append(i.Updates, body.Message)
	id := c.state.nextID("PX")
	c.emit("incident.status_update_published", i, c.from, obj{
		"type": "incident_status_update", "id": id, "message": body.Message, "trimmed": false,
		"incident": c.reference("incident", "incidents", i.ID, i.Title),
	})
	return http.StatusOK, obj{"status_update": obj{
		"id": id, "message": body.Message, "created_at": stamp(c.at), "sender": c.userRef(c.from),
	}}, nil
}

// responderRequestsCreate is POST /incidents/{id}/responder_requests; asking twice pages twice.
func responderRequestsCreate(c *call) (int, obj, error) {
	if err := c.needsAbility(Coordinated); err != nil {
		return 0, nil, err
	}
	if err := c.needsFrom(); err != nil {
		return 0, nil, err
	}
	var body struct {
		Requester string `json:"requester_id"`
		Message   string `json:"message"`
		Targets   []struct {
			Target ref `json:"responder_request_target"`
		} `json:"responder_request_targets"`
	}
	if err := c.decode(&body); err != nil {
		return 0, nil, err
	}
	i := c.state.incident(c.r.PathValue("id"))
	requester := c.state.user(body.Requester)
	switch {
	case i == nil:
		return 0, nil, errNotFound
	case requester == nil:
		return 0, nil, invalid("Requester User Not Found")
	case body.Message == "" || len(body.Targets) == 0:
		return 0, nil, invalid("Message and responder_request_targets cannot be empty.")
	}
	asked, targets := []string{}, []obj{}
	for _, t := range body.Targets {
		user, policy := c.state.user(t.Target.ID), c.state.policy(t.Target.ID)
		switch {
		case t.Target.Type == "user_reference" && user != nil:
			asked, targets = append(asked, user.ID), append(targets, obj{"responder_request_target": c.userRef(user)})
		case t.Target.Type == "escalation_policy_reference" && policy != nil:
			asked = append(asked, policy.OnCall[:min(1, len(policy.OnCall))]...)
			targets = append(targets, obj{"responder_request_target": c.policyRef(policy)})
		default:
			return 0, nil, invalid("Responder request target not found")
		}
	}
	c.request(i, requester, body.Message, asked)
	return http.StatusOK, obj{"responder_request": obj{
		"incident": c.reference("incident", "incidents", i.ID, i.Title), "requester": c.userRef(requester),
		"requested_at": stamp(c.at), "message": body.Message, "responder_request_targets": targets,
	}}, nil
}

// request pages people to help with an incident.
func (a *Account) request(i *Incident, by *User, message string, asked []string) {
	for _, id := range asked {
		i.Responders = append(i.Responders, Responder{UserID: id, Message: message, At: a.now()})
		a.state.pages = append(a.state.pages, Page{UserID: id, IncidentID: i.ID, Title: message, At: a.now()})
		a.emit("incident.responder.added", i, by, obj{
			"type": "incident_responder", "state": "pending", "message": message, "user": a.userRef(a.state.user(id)),
			"incident": a.reference("incident", "incidents", i.ID, i.Title),
		})
	}
}

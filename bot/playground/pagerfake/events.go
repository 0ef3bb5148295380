package pagerfake

import (
	"cmp"
	"net/http"
	"unicode/utf8"
)

// The limits of the Events API v2 (its documents on the payload and on limits).
const (
	maxEvent   = 512 << 10 // bytes
	maxSummary = 1024      // characters
	maxDedup   = 255       // characters
)

// event is the body of POST /v2/enqueue.
type event struct {
	RoutingKey string `json:"routing_key"`
	Action     string `json:"event_action"`
	DedupKey   string `json:"dedup_key"`
	Payload    *struct {
		Summary  string `json:"summary"`
		Source   string `json:"source"`
		Severity string `json:"severity"`
	} `json:"payload"`
}

// faults are what is wrong with an event.
func (e event) faults() (faults []string) {
	if len(e.RoutingKey) != 32 {
		faults = append(faults, "'routing_key' must be 32 characters long")
	}
	if e.Action != "trigger" && e.Action != "acknowledge" && e.Action != "resolve" {
		faults = append(faults, "'event_action' is invalid (must be one of 'trigger', 'acknowledge', 'resolve')")
	}
	if utf8.RuneCountInString(e.DedupKey) > maxDedup {
		faults = append(faults, "'dedup_key' is too long (maximum is 255 characters)")
	}
	if e.Action != "trigger" {
		if e.DedupKey == "" {
			faults = append(faults, "'dedup_key' is missing or blank")
		}
		return faults
	}
	if e.Payload == nil {
		return append(faults, "'payload' is missing or blank")
	}
	p := *e.Payload
	switch {
	case p.Summary == "":
		faults = append(faults, "'payload.summary' is missing or blank")
	case utf8.RuneCountInString(p.Summary) > maxSummary:
		faults = append(faults, "'payload.summary' is too long (maximum is 1024 characters)")
	}
	if p.Source == "" {
		faults = append(faults, "'payload.source' is missing or blank")
	}
	switch p.Severity {
	case "critical", "error", "warning", "info":
	default:
		faults = append(faults, "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')")
	}
	return faults
}

// eventsEnqueue is POST /v2/enqueue. 202 means accepted only: an unknown routing key is accepted and dropped.
func eventsEnqueue(c *call) (int, obj, error) {
	if c.r.Method != http.MethodPost {
		return 0, nil, &apiError{status: http.StatusMethodNotAllowed, message: "Method Not Allowed"}
	}
	if len(c.body) > maxEvent {
		return 0, nil, &apiError{status: http.StatusRequestEntityTooLarge, message: "Event object is too large"}
	}
	var e event
	if err := c.decode(&e); err != nil {
		return 0, nil, &apiError{status: http.StatusBadRequest, message: "Event object is invalid", details: []string{"JSON cannot be parsed"}}
	}
	if faults := e.faults(); faults != nil {
		return 0, nil, &apiError{status: http.StatusBadRequest, message: "Event object is invalid", details: faults}
	}
	e.DedupKey = cmp.Or(e.DedupKey, c.state.nextID("dedup"))
	for _, s := range c.state.services {
		if s.RoutingKey == e.RoutingKey && !s.Deleted {
			c.process(s, e)
		}
	}
	return http.StatusAccepted, obj{"status": "success", "message": "Event processed", "dedup_key": e.DedupKey}, nil
}

// process does what an event asks: a trigger goes to the open incident of its key, or opens one; the others are dropped
// when there is none.
func (c *call) process(s *Service, e event) {
	i := c.state.open(s.ID, e.DedupKey)
	switch {
	case e.Action == "trigger" && i == nil:
		urgency := "high"
		if e.Payload.Severity == "warning" || e.Payload.Severity == "info" {
			urgency = "low"
		}
		i = c.add(s, e.Payload.Summary, urgency, e.DedupKey)
		c.assign(i, s.OnCall[:min(1, len(s.OnCall))])
		c.emit("incident.triggered", i, nil, nil)
	case i == nil || e.Action == "trigger":
	case e.Action == "acknowledge":
		c.turn(i, Acknowledged, nil)
	case e.Action == "resolve":
		c.turn(i, Resolved, nil)
	}
}

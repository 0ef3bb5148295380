package outbound

import "time"

// The ways in which a page can reach somebody.
const (
	ByIncident  = "incident"  // an incident of PagerDuty's, assigned to the person or to the service's on-call
	ByResponder = "responder" // the person was asked to join an incident that is open there
	ByEvent     = "event"     // an event to the service's integration: its escalation policy is paged
)

// Page asks PagerDuty to wake somebody up.
type Page struct {
	Key     string   // identity of the page there, the same at every attempt
	Marker  string   // short text that names the page; stands in what is sent
	Email   string   // of the person; "" for whoever is on call for Service
	Service string   // PagerDuty's id of the service; "" for the configured one
	Of      string   // the service as we call it; "" for the configured one
	Text    string   // one line of plain text, as the phone shows it
	Join    []string // ids of incidents open there that a person can be asked to join
	Since   time.Time
	Again   bool // an earlier attempt may have succeeded: look first
	Last    bool // should the look find nothing, do not try once more
}

// Paged is a page that went out.
type Paged struct {
	Way string // one of the above
	Ref string // PagerDuty's id of the incident, or the event's key
	Own bool   // by the service's own integration: its own on-call was paged
}

// OnCall is somebody who is on call.
type OnCall struct {
	Service string // PagerDuty's id of the service
	Level   int    // of the escalation policy; 1 is paged first
	Name    string
	Email   string
	Until   time.Time // zero for no end
}

// Alarm is an incident of PagerDuty's as its REST API shows it.
type Alarm struct {
	ID      string
	Key     string // incident_key
	Title   string
	Status  string // triggered, acknowledged or resolved
	Service string // PagerDuty's id
	At      time.Time

	ServiceName string // as called there
	URL         string // where it is seen there
}

// Subscription is a webhook subscription of PagerDuty's.
type Subscription struct {
	ID       string
	URL      string
	Events   []string
	Disabled bool   // PagerDuty stopped sending after too many failures
	Secret   string // only in the answer to its making
}

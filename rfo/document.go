package rfo

import (
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Schema names the shape of a Document in JSON and in the front matter. It
// changes when a field changes its meaning or goes.
const Schema = "rollcall.rfo/1"

// Document is an RFO as data, one field for each part. Texts are plain: names
// instead of ids, no markup, no control characters.
type Document struct {
	Head      Head       `json:"head"`
	Glance    Glance     `json:"glance"`
	Impact    Impact     `json:"impact"`
	Detection Detection  `json:"detection"`
	Speed     Speed      `json:"speed"`
	Timeline  Timeline   `json:"timeline"`
	Story     Story      `json:"story"`
	Fix       Fix        `json:"fix"`
	Actions   Actions    `json:"actions"`
	People    People     `json:"people"`
	History   []Revision `json:"history"`
	Margin
}

// Margin is what people did to the document itself.
type Margin struct {
	Waived []Waived `json:"waived,omitempty"` // findings that were let pass
	Edited []Edited `json:"edited,omitempty"` // what was written into exported copies
	// Layout is how it is laid out; nil for the built-in one. It says nothing of the
	// document, which is the same in every layout.
	Layout *Layout `json:"-"`
}

// Head is what the front matter says.
type Head struct {
	Key        string     `json:"id"`
	Title      string     `json:"title"`
	State      State      `json:"state"`
	Revision   int        `json:"revision"` // that was written last; 0 before
	Incident   Life       `json:"incident"`
	Owner      string     `json:"owner,omitempty"`
	Leader     string     `json:"leader,omitempty"`
	ImpactKind ImpactKind `json:"impact_kind"`
	Services   []string   `json:"services,omitempty"` // those that were hit or suspected
	AsOf       time.Time  `json:"as_of"`              // when the last event was recorded
	Cursor     int64      `json:"event_cursor"`       // the last event that is in here
	// TeamZone is the zone of a second column of times; nil for none.
	TeamZone *time.Location `json:"-"`
}

// Life is where the incident itself stands.
type Life struct {
	Status   incident.Status `json:"status"`
	Severity int             `json:"severity"` // 1 (worst) to 4
	Peak     int             `json:"severity_peak"`
	Private  bool            `json:"private"`
	Drill    bool            `json:"drill"`
	Reopened int             `json:"reopened"` // how often
	Reason   string          `json:"reason,omitempty"`
}

// State is where the document stands.
type State string

// The states of the document.
const (
	Draft     State = "draft"
	InReview  State = "in review" // somebody was asked to approve of it
	Approved  State = "approved"  // of exactly what it says now
	Published State = "published"
	Changed   State = "changed"  // since the last published revision
	Closed    State = "closed"   // published, and every action is done or dropped
	Skipped   State = "skipped"  // somebody said why there will be none
	NotOwed   State = "not owed" // cancelled or merged incidents owe none
)

// ImpactKind says how much of the service was gone.
type ImpactKind string

// The kinds of impact. Only what was said is used: a share of 100 % is full, a
// smaller one partial.
const (
	FullImpact    ImpactKind = "full"
	PartialImpact ImpactKind = "partial"
	NoImpact      ImpactKind = "none"
	KindNotGiven  ImpactKind = "not given"
)

// Answer is what people answered to one question.
type Answer struct {
	Question string    `json:"question"` // its name, as in `rfo answer NAME`
	Ask      string    `json:"ask"`
	Text     string    `json:"text,omitempty"` // empty while nobody answered
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Earlier  int       `json:"earlier,omitempty"` // answers that this one replaced; the log keeps them
	Required bool      `json:"required"`
}

// Given says whether anybody answered.
func (a Answer) Given() bool { return a.Text != "" }

// Glance is the first screen: impact, cause, fix and actions for somebody who
// reads no further.
type Glance struct {
	Facts   []Fact `json:"facts"`
	Summary Answer `json:"summary"`
}

// Fact is one row of a table of facts.
type Fact struct {
	Label   string `json:"label"`
	Text    string `json:"text"`
	Missing bool   `json:"missing,omitempty"`
}

// Impact is who was hit, how long, and how that is known.
type Impact struct {
	Intervals []Interval `json:"intervals"`
	Duration  Value      `json:"duration"` // the sum of the intervals
	Estimate  Estimate   `json:"estimate"`
	Earlier   []Estimate `json:"earlier_estimates,omitempty"`
	Services  []Service  `json:"services,omitempty"`
	Told      Told       `json:"customers_told"`
	Answer    Answer     `json:"answer"`
}

// Interval is one stretch of time in which users were affected. A reopened
// incident has several.
type Interval struct {
	Start Stamp `json:"start"`
	End   Stamp `json:"end"`
	Value Value `json:"value"`
}

// Estimate is one statement of who was affected. Amount is empty when no number was given.
type Estimate struct {
	Amount string    `json:"amount,omitempty"` // such as "about 2,000–5,000 users"
	Low    float64   `json:"low,omitempty"`
	High   float64   `json:"high,omitempty"`
	Unit   string    `json:"unit,omitempty"`
	About  bool      `json:"about,omitempty"`
	Text   string    `json:"text,omitempty"` // who, and how it was estimated
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Service is a service that was looked at, and what was found.
type Service struct {
	Name   string                `json:"name"`
	Found  string                `json:"found"` // "affected", "suspected", "not affected" or "not rated"
	State  incident.ServiceState `json:"state"`
	Reason string                `json:"reason,omitempty"`
}

// Told counts the customers on the customer-success list. Their names stay out.
type Told struct {
	Done int `json:"done"`
	Of   int `json:"of"`

	names []string // for the linter alone
}

// Detection is who or what found it first.
type Detection struct {
	Source string `json:"source,omitempty"` // alert, synthetic, employee, customer or partner; empty when nobody said
	Facts  []Fact `json:"facts"`
	Answer Answer `json:"answer"`
}

// Speed is how fast the response was: the moments, the metrics, the phases.
type Speed struct {
	Stamps  []Stamp  `json:"stamps"`
	Metrics []Metric `json:"metrics"`
	Phases  Phases   `json:"phases"`
	Answer  Answer   `json:"answer"`
}

// Story is what only people can tell.
type Story struct {
	Cause    Answer `json:"cause"`
	Class    Answer `json:"class"`
	Well     Answer `json:"well"`
	Hard     Answer `json:"hard"`
	Luck     Answer `json:"luck"`
	Rejected Answer `json:"rejected"`
	Open     Answer `json:"open"`
	// Repeats are incidents from before that look alike.
	Repeats []Earlier `json:"repeats,omitempty"`
}

// Fix is what made users well, and what ended it.
type Fix struct {
	State      string    `json:"state"` // in one phrase
	Mitigation Step      `json:"mitigation"`
	Permanent  Step      `json:"permanent"`
	Rollbacks  []Service `json:"rollbacks,omitempty"`
	Answer     Answer    `json:"answer"`
}

// Step is one part of the fix. At is zero while nobody recorded it.
type Step struct {
	At   time.Time `json:"at,omitzero"`
	By   string    `json:"by,omitempty"`
	Text string    `json:"text,omitempty"`
}

// Actions are the one to three things that will change.
type Actions struct {
	List    []Action `json:"list"`
	Changes []string `json:"changes,omitempty"` // moved, escalated, dropped: in words
}

// Action is one of them.
type Action struct {
	ID       string               `json:"id"`
	Text     string               `json:"text"`
	DoneWhen string               `json:"done_when,omitempty"`
	Kind     incident.ActionKind  `json:"kind,omitempty"`    // prevent, detect, mitigate or process
	Tracker  string               `json:"tracker,omitempty"` // its link in a tracker
	Owner    string               `json:"owner,omitempty"`
	Inactive bool                 `json:"owner_inactive,omitempty"` // the person left
	Due      string               `json:"due"`                      // ISO date
	Added    time.Time            `json:"added"`
	State    incident.ActionState `json:"state"`
	Status   string               `json:"status"` // the state in words, such as "done 2026-03-10"
	Excused  bool                 `json:"excused,omitempty"`
}

// People is who took part, and where to read on.
type People struct {
	Roles   []Role   `json:"roles"`
	Sources []Source `json:"sources"`
	Names   []string `json:"names"` // everybody who is named anywhere, sorted
}

// Role is a role and who had it.
type Role struct {
	Role string `json:"role"`
	Who  string `json:"who"`
}

// Source is a place to read on. URL is empty where there is no link that we made.
type Source struct {
	What string `json:"what"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// Revision is one published state of the document.
type Revision struct {
	Number int       `json:"number"`
	Draft  bool      `json:"draft,omitempty"`    // written, not published
	Open   int       `json:"findings,omitempty"` // that kept it from being published
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

package incident

// Class says what may happen when an outbound step is carried out twice, which
// cannot be ruled out: a reply can be lost after the other side has acted.
type Class string

// The classes; docs/ARCHITECTURE.md lists every step with its class and look-up.
const (
	Idempotent Class = "idempotent" // repeating changes nothing
	Detectable Class = "detectable" // before repeating, look whether it happened
	Ambiguous  Class = "ambiguous"  // cannot be told; the repeat says that it may be one
)

// Lane is the order of urgency inside an incident.
type Lane int

// The lanes: what people wait for overtakes what only looks nice.
const (
	Urgent   Lane = 0
	Ordinary Lane = 1
	// Apart is for steps that go elsewhere than to Slack: as urgent, and none waits
	// for another, nor for Slack.
	Apart Lane = 2
)

// EffectKind names an outbound step.
type EffectKind string

// The outbound steps that are carried out once, in order. What is redrawn from
// the state whenever it changes is not an effect but a Card.
const (
	CreateChannel EffectKind = "channel.create" // under the name decided at open
	Invite        EffectKind = "channel.invite" // People
	Tell          EffectKind = "tell"           // direct message Text (a Say id in Ref) to People
	Post          EffectKind = "post"           // one message in the incident's channel: Say in Ref
	Publish       EffectKind = "rfo.publish"    // write the file and upload it
	Archive       EffectKind = "channel.archive"
	WakeUp        EffectKind = "page"       // the page of Number
	EndPage       EffectKind = "pager.end"  // resolve Ref in PagerDuty, by Way
	AckAlarm      EffectKind = "pager.ack"  // acknowledge Ref in PagerDuty in the name of People
	NotePager     EffectKind = "pager.note" // write the log's line of Number on the alarm Ref in PagerDuty

	// The run of Number, by the kind of its hook; and how it ended, with what it printed.
	HookCall     EffectKind = "hook.webhook"
	HookDispatch EffectKind = "hook.workflow"
	HookExec     EffectKind = "hook.command"
	HookReport   EffectKind = "hook.report"

	Track  EffectKind = "action.track" // hands the action of Number to what keeps its issue up to date
	Export EffectKind = "rfo.export"   // hands revision Number of the RFO to what brings it to the target Way

	TellPage EffectKind = "statuspage" // bring the notice of Number onto the public status page
)

// effects is the table of effect classes; the look-up of a detectable step is
// described where it is carried out and in docs/ARCHITECTURE.md.
var effects = map[EffectKind]struct {
	class Class
	lane  Lane
}{
	CreateChannel: {Detectable, Urgent},
	Invite:        {Idempotent, Urgent},
	Tell:          {Detectable, Ordinary},
	Post:          {Detectable, Ordinary},
	Publish:       {Detectable, Ordinary},
	Archive:       {Idempotent, Ordinary},
	WakeUp:        {Detectable, Apart},
	EndPage:       {Idempotent, Apart},
	AckAlarm:      {Idempotent, Apart},
	NotePager:     {Detectable, Apart},
	HookCall:      {Idempotent, Apart},
	HookDispatch:  {Detectable, Apart},
	HookExec:      {Ambiguous, Apart},
	HookReport:    {Detectable, Ordinary},
	Export:        {Idempotent, Apart},
	Track:         {Idempotent, Apart},
	TellPage:      {Detectable, Apart},
}

// Class is the kind's class.
func (k EffectKind) Class() Class { return effects[k].class }

// Lane is the kind's lane.
func (k EffectKind) Lane() Lane { return effects[k].lane }

// Effect is one outbound step, as plain data: it is carried out later, and what
// it shows is rendered then, for whoever reads it.
type Effect struct {
	Kind    EffectKind
	People  []PersonID `json:",omitempty"`
	Say     Say        `json:",omitzero"` // what to tell or post
	Choices []Choice   `json:",omitempty"`
	Number  int        `json:",omitempty"` // of the page, the action, the revision, or the line of the log
	Ref     string     `json:",omitempty"` // what it is called over there
	Way     string     `json:",omitempty"` // in which it went out
}

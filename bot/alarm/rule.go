package alarm

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Action is what an alarm leads to.
type Action string

// The actions of a rule.
const (
	Open    Action = "open"    // an incident is opened, at once
	Suggest Action = "suggest" // the announcement channel is asked
	Attach  Action = "attach"  // it joins the incident that is going on; without one nothing happens
	Ignore  Action = "ignore"
)

// Rule says what the alarms that it fits lead to. The first rule that fits counts.
type Rule struct {
	Name string // names the rule in logs, and keeps its incidents apart from those of other rules
	Match
	Do Action

	Severity int      // of the incident that is opened; 0 for the configured one
	Invite   []string // e-mail addresses or Slack ids, besides whoever has the alarm
	Tasks    []string // besides the default ones
	// Window is how long after the last alarm of an incident another one of the same
	// rule joins it instead of opening one of its own; 0 for never.
	Window time.Duration
}

// Match is what an alarm must be like. Empty lists fit every alarm; the words are
// compared whatever their case.
type Match struct {
	Sources    []string
	Services   []string
	Urgencies  []string
	Priorities []string
	Title      *regexp.Regexp // nil for any; RE2, so that no title takes long
}

// Fits says whether an alarm is such a one.
func (m Match) Fits(a incident.Alarm) bool {
	return oneOf(m.Sources, a.Ref.Source) && oneOf(m.Services, a.Service.Value) && oneOf(m.Urgencies, a.Urgency.Value) &&
		oneOf(m.Priorities, a.Priority.Value) && (m.Title == nil || m.Title.MatchString(a.Title.Value))
}

func oneOf(list []string, word string) bool {
	return len(list) == 0 || slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, word) })
}

// Rules are the rules in their order.
type Rules []Rule

// Unruled is what happens while there are no rules at all: somebody who has just
// connected a monitor sees what it says, and nothing opens by itself.
var Unruled = Rule{Name: "no rules", Do: Suggest}

// For is the rule for an alarm. With rules of which none fits, it is left alone.
func (r Rules) For(a incident.Alarm) Rule {
	if len(r) == 0 {
		return Unruled
	}
	for _, rule := range r {
		if rule.Fits(a) {
			return rule
		}
	}
	return Rule{Name: "no rule fits", Do: Ignore}
}

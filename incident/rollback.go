package incident

import "strings"

// RollBack says that a service is being rolled back, or how that ended.
type RollBack struct {
	Service   string
	Result    string // "" for started, "done", "failed" or "not-needed"
	Reason    string // required for "not-needed"
	Confirmed bool   // although the service is not configured, or rolled back already
}

// Verb is "rollback".
func (RollBack) Verb() string { return "rollback" }

// Needs nothing from outside.
func (RollBack) Needs() Needs { return Needs{} }

// results are the states of a service after a rollback said how it went.
var results = map[string]ServiceState{"": RollingNow, "done": RolledBack, "failed": RollFailed, "not-needed": NotNeeded}

func (c RollBack) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	state, ok := results[c.Result]
	if !ok {
		return Decision{}, refuse(Invalid, "rollback.result", "name", c.Service, "result", c.Result)
	}
	name, err := i.serviceName(c.Service, "rollback", strings.TrimSpace(c.Result+" "+c.Reason), c.Confirmed, f.Policy)
	if err != nil {
		return Decision{}, err
	}
	former, _ := i.Board.Service(name)
	var hook Say
	var run []Choice
	if c.Result == "" {
		if _, under := i.Board.hookRuns(name); under != nil {
			return Decision{}, under.busy(i)
		}
		hook, run = i.offerHook(name, s, f)
	}
	if err := c.check(former, name, s, hook, run); err != nil {
		return Decision{}, err
	}
	e := ServiceRated{Name: name, State: state, Reason: c.Reason, Owner: s.Actor}
	if former.State == RollingNow && former.Owner != System && state != RollingNow {
		e.Owner = former.Owner // somebody else says how it ended
	}
	if state == NotNeeded {
		e.Owner = System
	}
	events := i.rated(e, f.Policy)
	settled, total := i.countAfter(events)
	return Decision{
		Events:  events,
		Effects: i.tellFollowers(events, s, f.Policy),
		Say: say("rollback.done", "key", i.Key(), "name", name, "state", string(state), "reason", c.Reason, "owner", e.Owner,
			"related", related(events), "settled", settled, "total", total, "hook", hook),
		Choices: run,
	}, nil
}

// check refuses what is so already, and asks before a second person rolls the
// same service back: two rollbacks at once have made outages longer. hook and run
// are what is offered to whoever rolls it back.
func (c RollBack) check(former Service, name string, s Stamp, hook Say, run []Choice) error {
	said := []any{"name", name, "state", string(former.State), "by", former.By, "at", former.At, "owner", former.Owner}
	switch {
	case c.Result == "not-needed" && strings.TrimSpace(c.Reason) == "":
		return refuse(Invalid, "rollback.no_reason", "name", name)
	case c.Result == "" && former.State == RollingNow && former.Owner == s.Actor:
		return refuse(Conflict, "rollback.twice", append(said, "hook", hook)...).with(run...)
	case c.Result == "" && (former.State == RollingNow || former.State == RolledBack) && !c.Confirmed:
		return refuse(Ask, "rollback.again", said...).with(confirming("rollback_again", "rollback "+name, "name", name))
	case c.Result != "" && former.State == results[c.Result] && (c.Reason == "" || c.Reason == former.Reason):
		return refuse(Conflict, "rollback.same", said...)
	}
	return fits(c.Reason)
}

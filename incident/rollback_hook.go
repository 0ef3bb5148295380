package incident

import (
	"slices"
	"strconv"
	"time"
)

// HookKind is what rolls a service back when somebody says so.
type HookKind string

// The kinds of hook.
const (
	HookWebhook  HookKind = "webhook"  // a signed request to an address
	HookWorkflow HookKind = "workflow" // a workflow of GitHub Actions
	HookCommand  HookKind = "command"  // a program on Rollcall's own machine
)

// hookSteps are the outbound steps of the kinds, each with a class of its own.
var hookSteps = map[HookKind]EffectKind{HookWebhook: HookCall, HookWorkflow: HookDispatch, HookCommand: HookExec}

// hookPress is how long the button that runs a hook can be pressed: what was true
// when it was offered may not be later.
const hookPress = 10 * time.Minute

// HookPolicy says who may have Rollcall roll a service back.
type HookPolicy struct {
	By    []PersonID // whatever their part in an incident
	Named []string   // as the settings name whoever of them Slack has not told of yet
}

// may says whether somebody may run hooks.
func (p HookPolicy) may(who Person) bool {
	return who.ID != System && !who.Bot && !who.Inactive && slices.Contains(p.By, who.ID)
}

// whom lists who may, for a sentence.
func (p HookPolicy) whom() []Args {
	all := make([]Args, 0, len(p.By)+len(p.Named))
	for _, id := range p.By {
		all = append(all, Args{"who": id, "name": ""})
	}
	for _, name := range p.Named {
		all = append(all, Args{"who": System, "name": name})
	}
	return all
}

// hook is the kind of a service's hook; "" for a service without one.
func (p *Policy) hook(name string) HookKind {
	if s := p.service(name); s != nil {
		return s.Hook
	}
	return ""
}

// Bound ties a button to one person and one use.
type Bound struct {
	For   PersonID  // whoever else presses it is refused
	Until time.Time // when it ceases to do anything
	Nth   int       // run of the hook that it starts; it does nothing once there was that many
}

// HookState is how far a run of a hook has got.
type HookState string

// The states of a run.
const (
	HookRunning  HookState = "running"
	HookDone     HookState = "done"
	HookFailed   HookState = "failed"
	HookAccepted HookState = "accepted" // the other side took the order and does not say when it is done
	HookUnclear  HookState = "unclear"  // nobody can tell whether it ran
)

// HookRun is one run of a service's rollback hook.
type HookRun struct {
	Number  int // H1 is 1
	Service string
	Kind    HookKind
	By      PersonID
	At      time.Time
	State   HookState
	Ref     string // where it is seen over there; "" for nowhere
}

// HookID spells the id of run n, such as "H1".
func HookID(n int) string { return "H" + strconv.Itoa(n) }

// HookRun finds a run by its number.
func (b Board) HookRun(number int) (HookRun, bool) {
	for _, r := range b.HookRuns {
		if r.Number == number {
			return r, true
		}
	}
	return HookRun{}, false
}

// hookRuns counts the runs of a service's hook, and finds the one under way.
func (b Board) hookRuns(service string) (count int, under *HookRun) {
	for n := range b.HookRuns {
		if r := &b.HookRuns[n]; r.Service == service {
			count++
			if r.State == HookRunning {
				under = r
			}
		}
	}
	return count, under
}

// offerHook is what whoever rolls a service back is told of its hook, and the
// button that runs it for those who may.
func (i *Incident) offerHook(service string, s Stamp, f Facts) (Say, []Choice) {
	kind := f.Policy.hook(service)
	switch {
	case kind == "":
		return Say{}, nil
	case i.Identity.Drill:
		return say("rollback_run.drill"), nil
	case !f.Policy.Hooks.may(f.Actor):
		return say("rollback_run.whom", "whom", f.Policy.Hooks.whom()), nil
	}
	about := []any{"key", i.Key(), "name", service, "kind", string(kind)}
	runs, _ := i.Board.hookRuns(service)
	run := choice("rollback_run", "rollback "+service, about...)
	run.Bound = &Bound{For: s.Actor, Until: s.At.Add(hookPress), Nth: runs + 1}
	run.Sure = say("rollback_run.sure", about...)
	return say("rollback_run.offer", "kind", string(kind), "minutes", int(hookPress/time.Minute)), []Choice{run}
}

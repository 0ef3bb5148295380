package incident

// RunHook has Rollcall roll a service back by its hook. It is the press of a
// button, which nobody can type.
type RunHook struct {
	Service string
	Bound   Bound
}

// Verb is "rollback_run".
func (RunHook) Verb() string { return "rollback_run" }

// Needs nothing from outside.
func (RunHook) Needs() Needs { return Needs{} }

func (c RunHook) decide(i *Incident, s Stamp, f Facts) (Decision, error) {
	kind := f.Policy.hook(c.Service)
	if err := c.check(i, kind, s, f); err != nil {
		return Decision{}, err
	}
	e := HookStarted{Number: i.Trace.Counters.Hooks + 1, Service: c.Service, Hook: kind}
	told := say("rollback_run.now", "name", c.Service, "by", s.Actor, "kind", string(kind))
	return Decision{
		Events:  []Event{e},
		Effects: []Effect{{Kind: Post, Say: told}, {Kind: hookSteps[kind], Number: e.Number}},
		Say:     say("rollback_run.done", "name", c.Service, "kind", string(kind)),
	}, nil
}

// check refuses whoever is not meant, and what was true when the button was
// offered and is not any more.
func (c RunHook) check(i *Incident, kind HookKind, s Stamp, f Facts) error {
	about := []any{"key", i.Key(), "name", c.Service, "kind", string(kind)}
	runs, under := i.Board.hookRuns(c.Service)
	service, _ := i.Board.Service(c.Service)
	switch {
	case s.Actor != c.Bound.For:
		return refuse(Forbidden, "rollback_run.other", append(about, "who", c.Bound.For)...)
	case i.Identity.Drill:
		return refuse(Conflict, "rollback_run.drill", about...)
	case kind == "":
		return refuse(Conflict, "rollback_run.none", about...)
	case !f.Policy.Hooks.may(f.Actor):
		return refuse(Forbidden, "rollback_run.whom", append(about, "whom", f.Policy.Hooks.whom())...)
	case under != nil:
		return under.busy(i)
	case runs >= c.Bound.Nth:
		return refuse(Conflict, "rollback_run.used", about...)
	case s.At.After(c.Bound.Until):
		return refuse(Conflict, "rollback_run.expired", about...)
	case service.State != RollingNow:
		return refuse(Conflict, "rollback_run.moved", append(about, "state", string(service.State))...)
	}
	return nil
}

// busy says that a hook is running.
func (r HookRun) busy(i *Incident) error {
	return refuse(Conflict, "rollback_run.running", "key", i.Key(), "name", r.Service, "kind", string(r.Kind), "by", r.By, "at", r.At)
}

// HookStarted is a hook that somebody started.
type HookStarted struct {
	Number  int
	Service string
	Hook    HookKind
}

var _ = register[HookStarted]()

// Kind is "hook.started".
func (HookStarted) Kind() string { return "hook.started" }

// Line reads like "started the rollback hook of checkout (webhook)".
func (e HookStarted) Line(Names) string {
	return "started the rollback hook of " + e.Service + " (" + string(e.Hook) + ")"
}

// Keys are the run and its service.
func (e HookStarted) Keys() []string { return []string{hookKey(e.Number), "service:" + e.Service} }

func (HookStarted) instead() string { return "instead.rollback_run" }

func (e HookStarted) number(c *Counters) { c.Hooks = max(c.Hooks, e.Number) }

func (e HookStarted) apply(i *Incident, r Record) {
	i.Board.HookRuns = append(i.Board.HookRuns, HookRun{
		Number: e.Number, Service: e.Service, Kind: e.Hook, By: r.Actor, At: r.At, State: HookRunning,
	})
}

func hookKey(number int) string { return "hook:" + HookID(number) }

package incident

// SettleRollback says what becomes of a service that was rolled back: it is
// rolled forward again, or stays as it is.
type SettleRollback struct {
	Service string
	How     string // RolledForward or Kept
}

// Verb is "rollback_after".
func (SettleRollback) Verb() string { return "rollback_after" }

// Needs nothing from outside.
func (SettleRollback) Needs() Needs { return Needs{} }

func (c SettleRollback) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	s, ok := i.Board.Service(c.Service)
	switch {
	case c.How != RolledForward && c.How != Kept:
		return Decision{}, refuse(Invalid, "rollback.result", "name", c.Service)
	case !ok || s.State != RolledBack:
		return Decision{}, refuse(Conflict, "rollback_after.not", "name", c.Service, "key", i.Key())
	case s.After == c.How:
		return Decision{}, refuse(Conflict, "rollback_after.same", "name", c.Service, "how", c.How)
	}
	return Decision{
		Events: []Event{RollbackSettled{Name: c.Service, How: c.How}},
		Say:    say("rollback_after.done", "name", c.Service, "how", c.How, "left", list(i.unsettledRollbacks(c.Service))),
	}, nil
}

// unsettledRollbacks are the services that were rolled back and of which nobody
// has said yet whether they are rolled forward or kept, but for one.
func (i *Incident) unsettledRollbacks(but string) []string {
	var names []string
	for _, s := range i.Board.Services {
		if s.State == RolledBack && s.After == "" && s.Name != but {
			names = append(names, s.Name)
		}
	}
	return names
}

// RollbackSettled is what became of a rollback.
type RollbackSettled struct {
	Name string
	How  string
}

var _ = register[RollbackSettled]()

// Kind is "rollback.settled".
func (RollbackSettled) Kind() string { return "rollback.settled" }

// Line reads like "checkout is rolled forward again".
func (e RollbackSettled) Line(Names) string {
	if e.How == RolledForward {
		return e.Name + " is rolled forward again"
	}
	return e.Name + " stays rolled back"
}

// Keys is the service.
func (e RollbackSettled) Keys() []string { return []string{"service:" + e.Name} }

func (e RollbackSettled) apply(i *Incident, _ Record) {
	i.changeService(e.Name, func(s *Service) { s.After = e.How })
}

package incident

// StopUpdate keeps a held update from going out.
type StopUpdate struct{ Entry int64 }

// Verb is "update_stop".
func (StopUpdate) Verb() string { return "update_stop" }

// Needs nothing from outside.
func (StopUpdate) Needs() Needs { return Needs{} }

func (c StopUpdate) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	u, err := i.held(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	return Decision{
		Events: []Event{UpdateHalted(c)},
		Say:    say("update_stop.done", "key", i.Key(), "id", u.ID(), "text", u.Text),
	}, nil
}

// stopHeld stops whatever is held, because the incident ends otherwise.
func (i *Incident) stopHeld() []Event {
	var events []Event
	for _, u := range i.Log.Held() {
		events = append(events, UpdateHalted{Entry: u.Seq})
	}
	return events
}

// UpdateHalted is an update that was stopped before it went out.
type UpdateHalted struct{ Entry int64 }

var _ = register[UpdateHalted]()

// Kind is "update.stopped".
func (UpdateHalted) Kind() string { return "update.stopped" }

// Line is empty: nobody heard it.
func (UpdateHalted) Line(Names) string { return "" }

// Keys is the update.
func (e UpdateHalted) Keys() []string { return []string{updateKey(e.Entry)} }

// apply stops it. Undone, the update is held again and goes out
// when its moment has come, which is what whoever undoes the stop asks for.
func (e UpdateHalted) apply(i *Incident, _ Record) {
	i.changeUpdate(e.Entry, func(u *Update) { u.State = UpdateStopped })
}

package incident

// EditUpdate gives an update that did not go out another wording, which is held
// anew. Without a text it only stops it, so that nothing goes out while somebody types.
type EditUpdate struct {
	Entry int64
	Text  string
}

// Verb is "update_edit".
func (EditUpdate) Verb() string { return "update_edit" }

// Needs nothing from outside.
func (EditUpdate) Needs() Needs { return Needs{} }

func (c EditUpdate) decide(i *Incident, _ Stamp, f Facts) (Decision, error) {
	if u, ok := i.Log.Update(c.Entry); ok && u.State == UpdateStopped && c.Text != "" {
		return i.draft(c.Text, f.Policy)
	}
	u, err := i.held(c.Entry)
	if err != nil {
		return Decision{}, err
	}
	if c.Text == "" {
		return Decision{
			Events: []Event{UpdateHalted{Entry: u.Seq}},
			Say:    say("update_edit.stopped", "key", i.Key(), "id", u.ID(), "text", u.Text),
		}, nil
	}
	return i.draft(c.Text, f.Policy, u)
}

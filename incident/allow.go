package incident

// Allow refuses what the table of rights would refuse of a command with this
// verb: so that nobody fills in a form that cannot be sent.
func Allow(i *Incident, verb string, who Person) error {
	return permit(i, intent(verb), Facts{Actor: who})
}

// intent is a command of which only the verb is known yet.
type intent string

// Verb is the verb.
func (c intent) Verb() string { return string(c) }

// Needs nothing.
func (intent) Needs() Needs { return Needs{} }

func (intent) decide(*Incident, Stamp, Facts) (Decision, error) { return Decision{}, nil }

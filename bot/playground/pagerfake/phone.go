package pagerfake

import "fmt"

// act lets a person do something with an incident, as on their phone.
func (a *Account) act(userID, incidentID string, do func(*User, *Incident)) error {
	a.mu.Lock()
	defer a.flush()
	defer a.mu.Unlock()
	u, i := a.state.user(userID), a.state.incident(incidentID)
	if u == nil || i == nil {
		return fmt.Errorf("no user %q or no incident %q in this account", userID, incidentID)
	}
	do(u, i)
	return nil
}

// Trigger opens an incident on a service, as a monitor's integration does, and returns its id.
func (a *Account) Trigger(serviceID, title, key string) (string, error) {
	a.mu.Lock()
	defer a.flush()
	defer a.mu.Unlock()
	s := a.state.service(serviceID)
	if s == nil {
		return "", fmt.Errorf("no service %q in this account", serviceID)
	}
	if i := a.state.open(s.ID, key); i != nil {
		return i.ID, nil
	}
	i := a.add(s, title, "high", key)
	a.assign(i, s.OnCall[:min(1, len(s.OnCall))])
	a.emit("incident.triggered", i, nil, nil)
	return i.ID, nil
}

// Acknowledge lets somebody take an incident.
func (a *Account) Acknowledge(userID, incidentID string) error {
	return a.act(userID, incidentID, func(u *User, i *Incident) {
		if i.Status == Triggered {
			a.turn(i, Acknowledged, u)
		}
	})
}

// Resolve lets somebody end an incident.
func (a *Account) Resolve(userID, incidentID string) error {
	return a.act(userID, incidentID, func(u *User, i *Incident) { a.turn(i, Resolved, u) })
}

// Reopen lets somebody take a resolution back.
func (a *Account) Reopen(userID, incidentID string) error {
	return a.act(userID, incidentID, func(u *User, i *Incident) {
		if i.Status == Resolved {
			a.turn(i, Triggered, u)
		}
	})
}

// Reassign lets somebody give an incident to others.
func (a *Account) Reassign(userID, incidentID string, to ...string) error {
	return a.act(userID, incidentID, func(u *User, i *Incident) {
		a.assign(i, to)
		a.emit("incident.reassigned", i, u, nil)
	})
}

// Note lets somebody write a note.
func (a *Account) Note(userID, incidentID, content string) error {
	return a.act(userID, incidentID, func(u *User, i *Incident) { a.note(i, u, content) })
}

package incident

// ServiceRated is what somebody says of a service.
type ServiceRated struct {
	Name   string
	State  ServiceState
	Reason string   `json:",omitempty"`
	Owner  PersonID `json:",omitempty"`
}

var _ = register[ServiceRated]()

// Kind is "service.rated".
func (ServiceRated) Kind() string { return "service.rated" }

// Line reads like "checkout-api is bleeding".
func (e ServiceRated) Line(names Names) string {
	line := e.Name + " is " + string(e.State)
	if e.Reason != "" {
		line += ": " + PlainText(e.Reason, names)
	}
	return line
}

// Keys is the service.
func (e ServiceRated) Keys() []string { return []string{"service:" + e.Name} }

func (e ServiceRated) apply(i *Incident, r Record) {
	i.changeService(e.Name, func(s *Service) {
		s.State, s.By, s.At, s.Reason = e.State, r.Actor, r.At, e.Reason
	})
}

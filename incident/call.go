package incident

// CallSet is a new call link, at open or later.
type CallSet struct {
	URL      string
	Provider string
}

var _ = register[CallSet]()

// Kind is "call.set".
func (CallSet) Kind() string { return "call.set" }

// Line gives the provider; the link itself is on the card.
func (e CallSet) Line(Names) string { return "call link: " + e.URL }

// Keys is the call.
func (CallSet) Keys() []string { return []string{"call"} }

func (e CallSet) apply(i *Incident, r Record) {
	i.Calls = append(i.Calls, Call{URL: e.URL, Provider: e.Provider, By: r.Actor, At: r.At})
	i.stampOnce(CallOpened, Point{At: r.At, Quality: Auto, Source: e.Provider, By: r.Actor, Seq: r.Seq})
}

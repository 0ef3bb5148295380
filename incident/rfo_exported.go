package incident

// NoteExport says that a revision of the RFO is at a target.
type NoteExport struct {
	Target   string
	Revision int
	Place    string // its address or path there
}

// Verb is "rfo_exported".
func (NoteExport) Verb() string { return "rfo_exported" }

// Needs nothing from outside.
func (NoteExport) Needs() Needs { return Needs{} }

func (c NoteExport) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if had := i.Review.Paper.Copy(c.Target); had.Revision == c.Revision && had.Place == c.Place && had.Failed == 0 {
		return Decision{}, refuse(Conflict, "rfo_exported.known", "key", i.Key())
	}
	return Decision{Events: []Event{RFOExported(c)}}, nil
}

// RFOExported is a copy of a revision that is at a target.
type RFOExported struct {
	Target   string
	Revision int
	Place    string `json:",omitempty"`
}

var _ = register[RFOExported]()

// Kind is "rfo.exported".
func (RFOExported) Kind() string { return "rfo.exported" }

// Line says where the copy is.
func (e RFOExported) Line(Names) string {
	line := "RFO exported to " + e.Target
	if e.Place != "" {
		line += ": " + e.Place
	}
	return line
}

// Keys is the RFO.
func (RFOExported) Keys() []string { return []string{"rfo"} }

func (e RFOExported) apply(i *Incident, r Record) {
	i.Review.Paper.setCopy(e.Target, func(c *Copy) { c.Revision, c.Place, c.At, c.Failed = max(c.Revision, e.Revision), e.Place, r.At, 0 })
}

// FailExport says that a revision does not get to a target. It is told once.
type FailExport struct {
	Target   string
	Revision int
	Reason   string // one sentence of our own, for whoever runs Rollcall
	Final    bool   // it is not tried any more
}

// Verb is "rfo_export_failed".
func (FailExport) Verb() string { return "rfo_export_failed" }

// Needs nothing from outside.
func (FailExport) Needs() Needs { return Needs{} }

func (c FailExport) decide(i *Incident, _ Stamp, _ Facts) (Decision, error) {
	if i.Review.Paper.Copy(c.Target).Failed == c.Revision {
		return Decision{}, refuse(Conflict, "rfo_exported.known", "key", i.Key())
	}
	told := say("rfo_exported.failed", "key", i.Key(), "target", c.Target, "revision", c.Revision, "reason", c.Reason, "final", c.Final)
	return Decision{
		Events:  []Event{RFOExportFailed{Target: c.Target, Revision: c.Revision, Reason: c.Reason}},
		Effects: []Effect{{Kind: Post, Say: told}},
	}, nil
}

// RFOExportFailed is a revision that did not get to a target.
type RFOExportFailed struct {
	Target   string
	Revision int
	Reason   string `json:",omitempty"`
}

var _ = register[RFOExportFailed]()

// Kind is "rfo.export_failed".
func (RFOExportFailed) Kind() string { return "rfo.export_failed" }

// Line says where it did not get to; why is for whoever runs Rollcall.
func (e RFOExportFailed) Line(Names) string { return "RFO did not get to " + e.Target }

// Keys is the RFO.
func (RFOExportFailed) Keys() []string { return []string{"rfo"} }

func (e RFOExportFailed) apply(i *Incident, _ Record) {
	i.Review.Paper.setCopy(e.Target, func(c *Copy) { c.Failed = e.Revision })
}

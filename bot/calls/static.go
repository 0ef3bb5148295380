package calls

// static is one room that everybody shares. It is never given to a private
// incident: whoever knows the room from another incident could walk in.
type static struct{ url string }

func newStatic(address string, _ func() string) (Provider, error) {
	u, err := webAddress(address)
	if err != nil {
		return nil, err
	}
	return static{url: u.String()}, nil
}

func (static) Name() string { return "static" }

func (s static) Link(ask Ask) (string, bool) { return s.url, !ask.Private }

func (static) Hint() string { return "" }

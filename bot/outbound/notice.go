package outbound

// Notice asks to bring a text onto the public status page.
type Notice struct {
	Op         string // identity of the step, the same at every attempt; the page keeps it
	Mark       string // of our incident; opaque, the page keeps it
	Ref        string // the page's id of its incident; "" before there is one
	Again      bool   // an earlier attempt may have succeeded: look first
	Title      string
	Status     string // in the page's words
	Text       string
	Components map[string]string // the page's id of each component to the state that it is to show
}

// Noticed is a notice that the page shows.
type Noticed struct {
	Ref string // the page's id of its incident
	URL string // where everybody reads it; "" when the page does not say
}

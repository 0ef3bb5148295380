package outbound

// Room is a room for calls at a provider that has to be asked for one.
type Room struct {
	ID   string // the provider's own
	URL  string // to join
	Host string // in whose name it is; "" where that limits nothing
}

// Lobby is what a provider says of how people get into a room.
type Lobby struct {
	Waits []string // reasons why somebody would wait outside, each with what to change; none is well
	Notes []string // what is worth knowing and keeps nobody out
}

package bot

// Happening is something that happened in Slack and that nobody said to Rollcall.
type Happening struct {
	Delivery Delivery
	Type     string // Slack's name of the event, such as "member_joined_channel"
	Team     string
	User     string // Slack's user id, or ""
	Channel  string // Slack's channel id, or ""
	TS       string // of the message that it happened to, or ""
	Emoji    string // of a reaction, without colons
}

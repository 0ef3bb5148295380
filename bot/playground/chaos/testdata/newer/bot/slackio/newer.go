package slackio

func init() {
	draws["newer"] = func(drawing, string) (Message, bool) { return one("A card of the newer version."), true }
}

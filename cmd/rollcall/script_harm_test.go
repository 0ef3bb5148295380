package main

import (
	"github.com/rogpeppe/go-internal/testscript"
)

// harm does to a channel what people do who tidy up: archive, rename (and to what), or
// take Rollcall out of it.
func (s *stage) harm(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && s.ws != nil && len(args) >= 3, "harm PERSON archive|remove-rollcall|rename CHANNEL [NAME]")
	who, channel := s.ws.Actor(args[0]), args[2]
	switch {
	case args[1] == "archive":
		ts.Check(who.Archive(s.ctx, channel))
	case args[1] == "remove-rollcall":
		ts.Check(who.Kick(s.ctx, channel, s.ws.Identity().BotUserID))
	case args[1] == "rename" && len(args) == 4:
		ts.Check(who.Rename(s.ctx, channel, args[3]))
	default:
		ts.Fatalf("usage: harm PERSON archive|remove-rollcall|rename CHANNEL [NAME]")
	}
}

package main

import (
	"context"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

type linkCmd struct {
	Key incidentKey
	Who string
}

func (c *linkCmd) arguments() []argument {
	who := word("who", "Whose it is, as Slack calls them. Without it your own.", &c.Who)
	who.optional = true
	return []argument{keyArgument(&c.Key), who}
}

// Run has the running server make the link. The link is the person's: what they
// write with it is theirs, so it goes to nobody else.
func (c *linkCmd) Run(ctx context.Context, p *program) error {
	words := []string{incident.Key(int(c.Key)), "link"}
	if c.Who != "" {
		words = append(words, "@"+strings.TrimPrefix(c.Who, "@"))
	}
	return (&doCmd{Words: words}).Run(ctx, p)
}

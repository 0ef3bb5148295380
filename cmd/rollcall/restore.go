package main

import (
	"context"

	"github.com/rollcall-bot/rollcall/storage"
)

type restoreCmd struct {
	File string
}

func (r *restoreCmd) arguments() []argument {
	return []argument{word("file", "A file that rollcall backup wrote.", &r.File)}
}

// Run puts a backup in the database's place, which stays beside it.
func (r *restoreCmd) Run(ctx context.Context, p *program) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	if err := storage.Restore(ctx, p.storageOptions(c, p.quiet()), r.File); err != nil {
		return err
	}
	p.say("Restored %s; what was there before is beside it as %s.before-restore.", r.File, sqliteFile(c))
	p.say("What was still to be sent to Slack then is looked for before it is sent.")
	return nil
}

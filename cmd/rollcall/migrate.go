package main

import (
	"context"
	"errors"

	"github.com/rollcall-bot/rollcall/storage"
)

type migrateCmd struct{}

// Run opens the database, which brings it up to date, and makes it where there is
// none.
func (migrateCmd) Run(ctx context.Context, p *program) error {
	c, err := p.config()
	if err != nil {
		return err
	}
	s, err := storage.Open(ctx, p.storageOptions(c, p.quiet()))
	if err != nil {
		return err
	}
	if err := errors.Join(s.Ping(ctx), s.Close(ctx)); err != nil {
		return err
	}
	p.say("The database is up to date.")
	return nil
}

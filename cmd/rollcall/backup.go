package main

import (
	"context"

	"github.com/rollcall-bot/rollcall/storage"
)

type backupCmd struct {
	File string
}

func (b *backupCmd) arguments() []argument {
	return []argument{word("file", "A file that is not there yet.", &b.File)}
}

// Run copies one moment's state.
func (b *backupCmd) Run(ctx context.Context, p *program) error {
	return p.withStore(ctx, func(s *storage.Store) error {
		if err := s.Backup(ctx, b.File); err != nil {
			return err
		}
		p.say("Wrote %s. `rollcall restore %s` puts it back.", b.File, b.File)
		return nil
	})
}

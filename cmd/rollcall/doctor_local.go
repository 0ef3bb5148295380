package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rollcall-bot/rollcall/storage"
)

// freeNoted and freeFails are how much room the disk of the database should have:
// 1 GiB is years of incidents, below 100 MiB other programs soon fill it.
const (
	freeNoted = 1 << 30
	freeFails = 100 << 20
)

// database checks that it can be opened and written.
func (d *doctor) database(ctx context.Context) finding {
	f := finding{what: "database"}
	s, err := storage.Open(ctx, d.p.storageOptions(d.c, d.p.quiet()))
	if err != nil {
		f.said, f.fix = "cannot be opened: "+err.Error(), "Look at DATABASE_URL and at the rights of its folder"
		return f
	}
	if err := errors.Join(s.Ping(ctx), s.Close(context.WithoutCancel(ctx))); err != nil {
		f.said, f.fix = trouble(err), "Look at the rights of the file and of its folder, and at who else has it open"
		return f
	}
	f.said = "takes writes"
	if file := sqliteFile(d.c); file != "" {
		f.said += " at " + file
	}
	return f
}

// disk checks the room for the database and for RFOs.
func (d *doctor) disk() finding {
	folder := "."
	if file := sqliteFile(d.c); file != "" {
		folder = filepath.Dir(file)
	}
	f := finding{what: "disk"}
	free, err := freeBytes(folder)
	if err != nil {
		f.said, f.warn, f.fix = err.Error(), true, "Look by hand at the room on the disk of the database"
		return f
	}
	f.said = fmt.Sprintf("%d MiB free", free>>20)
	switch {
	case free < freeFails:
		f.fix = "Make room: a full disk takes no commands"
	case free < freeNoted:
		f.warn, f.fix = true, "Make room before it fills: a full disk takes no commands"
	}
	return f
}

// rfoFolder checks that published RFOs can be written.
func (d *doctor) rfoFolder() finding {
	f := finding{what: "folder of RFOs", said: d.c.RFO.Dir}
	fix := "Set ROLLCALL_RFO_DIR to a folder that the program may write to"
	if err := os.MkdirAll(d.c.RFO.Dir, 0o750); err != nil {
		f.said, f.fix = err.Error(), fix
		return f
	}
	probe, err := os.CreateTemp(d.c.RFO.Dir, ".doctor-*")
	if err != nil {
		f.said, f.fix = err.Error(), fix
		return f
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		f.said, f.fix = err.Error(), fix
	}
	return f
}

// server says whether a server runs that `rollcall do` would reach, and what it says
// of itself.
func (d *doctor) server(ctx context.Context) []finding {
	f := finding{what: "running server"}
	path, err := d.p.socketPath(d.c)
	if err != nil {
		f.said, f.warn, f.fix = err.Error(), true, "Set ROLLCALL_SOCKET"
		return []finding{f, switched(d.c.switchedOff(), "")}
	}
	state, err := askState(ctx, path)
	if err != nil {
		f.said, f.warn, f.fix = "none answers at "+path, true, "Start `rollcall serve`; `rollcall do` needs it"
		return []finding{f, switched(d.c.switchedOff(), "")}
	}
	f.said = "answers at " + strings.TrimSpace(path)
	return []finding{f, state.peers(), switched(state.Off, state.Problem)}
}

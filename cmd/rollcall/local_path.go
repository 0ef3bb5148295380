package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// socketPathMax is how long the path of a socket may be: 104 on BSD, 108 on Linux,
// with the zero at its end.
const socketPathMax = 100

// socketPath is where `rollcall do` finds the running server: ROLLCALL_SOCKET, else
// beside the SQLite file, else in a folder of the user's own that both sides can
// name from the database alone.
func (p *program) socketPath(c Config) (string, error) {
	if c.Server.Socket != "" {
		return c.Server.Socket, nil
	}
	file := sqliteFile(c)
	if file != "" {
		path, err := filepath.Abs(file + ".sock")
		if err != nil || len(path) <= socketPathMax {
			return path, err
		}
	}
	folder := p.env("XDG_RUNTIME_DIR")
	if folder == "" {
		folder = filepath.Join(os.TempDir(), fmt.Sprintf("rollcall-%d", os.Getuid()))
	}
	sum := sha256.Sum256([]byte(c.DatabaseURL.Reveal()))
	return filepath.Join(folder, "rollcall-"+hex.EncodeToString(sum[:6])+".sock"), nil
}

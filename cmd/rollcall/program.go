package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/clock"
	"github.com/rollcall-bot/rollcall/bot/jobs"
)

// program is what one call of the program is given from outside.
type program struct {
	environ []string // NAME=VALUE
	stdin   io.Reader
	stdout  io.Writer
	stderr  io.Writer

	clock *clock.Movable   // Rollcall's
	wall  func() time.Time // the machine's
	newID func() string    // a UUID at each call

	// slackRest is how long, on the machine's clock, Slack is left alone after it was
	// gone; 0 for as long as usual. The demo's clock does not wait, so it is short there.
	slackRest time.Duration

	// spoil changes what workers are made of, so that a test can have them fail; nil
	// otherwise.
	spoil func(*jobs.Options)

	// started is told of a server that has begun to answer; nil for nobody.
	started func(*server)
}

// lookup finds an environment variable; the last one of a name counts.
func (p *program) lookup(name string) (string, bool) {
	for n := len(p.environ) - 1; n >= 0; n-- {
		if value, ok := strings.CutPrefix(p.environ[n], name+"="); ok {
			return value, true
		}
	}
	return "", false
}

func (p *program) env(name string) string {
	value, _ := p.lookup(name)
	return value
}

// config reads the settings.
func (p *program) config() (Config, error) {
	return LoadConfig(p.lookup, p.environ, os.ReadFile)
}

// say writes a line of output.
func (p *program) say(format string, args ...any) {
	_, _ = fmt.Fprintf(p.stdout, format+"\n", args...)
}

// errSaid ends the program with exit code 1 when everything has been said already.
var errSaid = errors.New("said")

// Command rollcall runs incidents in Slack: it takes the commands in, keeps the
// record, and writes the RFO. Each call of the command line stands in a file of
// its name; wire.go puts the parts together.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/rollcall-bot/rollcall/bot/clock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal drains, a second one ends the process at once
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program: what it is called with, and its exit code. The end of
// ctx is the signal to finish.
func run(ctx context.Context, args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{
		environ: environ, stdin: stdin, stdout: stdout, stderr: stderr,
		clock: clock.Real(time.Now), wall: time.Now, newID: uuid.NewString,
	}
	return p.run(ctx, args)
}

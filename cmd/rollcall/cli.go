package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kong"
)

// commandLine is every call of the program, in the order of help.
type commandLine struct {
	Serve     serveCmd     `cmd:"" help:"Run the bot. SIGTERM drains and exits 0, a second signal exits at once."`
	Demo      demoCmd      `cmd:"" help:"Show the whole thing without an account: --play plays an outage to the end."`
	Manifest  manifestCmd  `cmd:"" help:"Print the manifest to make the Slack app from."`
	Doctor    doctorCmd    `cmd:"" help:"Check settings, Slack, database, clock and disk; a line each with the fix."`
	Do        doCmd        `cmd:"" help:"Give the running server a command, as in Slack: for when Slack is away."`
	Link      linkCmd      `cmd:"" help:"Make a personal link to an incident's page, for when Slack is away."`
	Incidents incidentsCmd `cmd:"" help:"List incidents."`
	Timeline  timelineCmd  `cmd:"" help:"Print an incident's timeline."`
	RFO       rfoCmd       `cmd:"" name:"rfo" help:"Print an incident's RFO."`
	Trends    trendsCmd    `cmd:"" help:"Compare the response of all resolved incidents: medians, and who found them out."`
	Unread    unreadCmd    `cmd:"" help:"Print alerts that came in and could not be read."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database up to date. serve does it, too."`
	Backup    backupCmd    `cmd:"" help:"Copy the database into a new file, safe while serving."`
	Restore   restoreCmd   `cmd:"" help:"Put a backup in place of the database; stop serve first."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// exited is how the parser ends a call that only wanted help.
type exited int

// Exit codes: 0 done, 1 failed or refused, 2 called wrongly.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// run carries one call out.
func (p *program) run(ctx context.Context, args []string) int {
	call, code, ok := p.parse(args)
	if !ok {
		return code
	}
	call.BindTo(ctx, (*context.Context)(nil))
	err := call.Run(p)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSaid):
	default:
		_, _ = fmt.Fprintln(p.stderr, "rollcall: "+err.Error())
	}
	return exitFailed
}

// parse reads the arguments; ok is false when the call ends here, with code.
func (p *program) parse(args []string) (call *kong.Context, code int, ok bool) {
	defer func() {
		switch left := recover().(type) {
		case nil:
		case exited:
			call, code, ok = nil, int(left), false
		default:
			panic(left)
		}
	}()
	parser, err := kong.New(&commandLine{},
		kong.Name("rollcall"),
		kong.Description("Incident response in Slack. Settings come from the environment; docs/configuration.md lists them."),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
	)
	if err != nil {
		_, _ = fmt.Fprintln(p.stderr, "rollcall: "+err.Error())
		return nil, exitUsage, false
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	call, err = parser.Parse(args)
	if err != nil {
		_, _ = fmt.Fprintln(p.stderr, "rollcall: "+err.Error()+"; rollcall --help lists what there is")
		return nil, exitUsage, false
	}
	return call, exitOK, true
}

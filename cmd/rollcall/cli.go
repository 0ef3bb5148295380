package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"
)

// call is one call of the command line.
type call struct {
	name, help string
	do         caller
}

// caller carries a call out, after its flags and arguments were read into it. One that
// has flags or arguments is flagged or taking, too.
type (
	caller interface {
		Run(ctx context.Context, p *program) error
	}
	flagged interface{ flags(f *pflag.FlagSet) }
	taking  interface{ arguments() []argument }
)

// commandLine is every call of the program, in the order of help.
func commandLine() []call {
	return []call{
		{"serve", "Run the bot. SIGTERM drains and exits 0, a second signal exits at once.", serveCmd{}},
		{"demo", "Show the whole thing without an account: --play plays an outage to the end.", &demoCmd{}},
		{"manifest", "Print the manifest to make the Slack app from.", &manifestCmd{}},
		{"doctor", "Check settings, Slack, database, clock and disk; a line each with the fix.", &doctorCmd{}},
		{"do", "Give the running server a command, as in Slack: for when Slack is away.", &doCmd{}},
		{"link", "Make a personal link to an incident's page, for when Slack is away.", &linkCmd{}},
		{"incidents", "List incidents.", &incidentsCmd{}},
		{"timeline", "Print an incident's timeline.", &timelineCmd{}},
		{"rfo", "Print an incident's RFO.", &rfoCmd{}},
		{"trends", "Compare the response of all resolved incidents: medians, and who found them out.", &trendsCmd{}},
		{"unread", "Print alerts that came in and could not be read.", &unreadCmd{}},
		{"migrate", "Bring the database up to date. serve does it, too.", migrateCmd{}},
		{"backup", "Copy the database into a new file, safe while serving.", &backupCmd{}},
		{"restore", "Put a backup in place of the database; stop serve first.", &restoreCmd{}},
		{"version", "Print the version.", versionCmd{}},
	}
}

// Exit codes: 0 done, 1 failed or refused, 2 called wrongly.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// run carries one call out.
func (p *program) run(ctx context.Context, args []string) int {
	one, help, err := parse(args)
	switch {
	case err != nil:
		_, _ = fmt.Fprintln(p.stderr, "rollcall: "+err.Error()+"; rollcall --help lists what there is")
		return exitUsage
	case help != "":
		_, _ = io.WriteString(p.stdout, help)
		return exitOK
	}
	switch err := one.Run(ctx, p); {
	case err == nil:
		return exitOK
	case errors.Is(err, errSaid):
	default:
		_, _ = fmt.Fprintln(p.stderr, "rollcall: "+err.Error())
	}
	return exitFailed
}

// parse finds the call that args mean, and reads its flags and arguments into it; or
// the help that they ask for, or that a call without arguments is answered with.
func parse(args []string) (one caller, help string, err error) {
	all := commandLine()
	whole := newFlags("rollcall")
	whole.SetInterspersed(false) // what follows the name is the call's
	if err := whole.Parse(args); err != nil {
		return nil, "", flagError(whole, err)
	}
	if whole.NArg() == 0 || asksHelp(whole) {
		return nil, helpOfAll(all, whole), nil
	}
	name := whole.Arg(0)
	for _, c := range all {
		if c.name == name {
			help, err = c.parse(whole.Args()[1:])
			return c.do, help, err
		}
	}
	return nil, "", noSuchCall(all, name)
}

// parse reads flags and arguments into the call, unless it is asked for help.
func (c call) parse(args []string) (help string, err error) {
	flags := c.flags()
	if err := flags.Parse(args); err != nil {
		return "", flagError(flags, err)
	}
	if asksHelp(flags) {
		return c.usage(flags), nil
	}
	return "", take(c.arguments(), flags.Args())
}

func (c call) arguments() []argument {
	if t, ok := c.do.(taking); ok {
		return t.arguments()
	}
	return nil
}

func (c call) flags() *pflag.FlagSet {
	flags := newFlags(c.name)
	if f, ok := c.do.(flagged); ok {
		f.flags(flags)
	}
	for _, a := range c.arguments() {
		if a.many { // these words are nobody's flags, though they may look like it
			flags.SetInterspersed(false)
		}
	}
	return flags
}

// helpFlag is understood everywhere.
const helpFlag = "help"

func newFlags(name string) *pflag.FlagSet {
	f := pflag.NewFlagSet(name, pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {}
	f.BoolP(helpFlag, "h", false, "Show this help.")
	return f
}

func asksHelp(f *pflag.FlagSet) bool {
	asked, err := f.GetBool(helpFlag)
	return err == nil && asked
}

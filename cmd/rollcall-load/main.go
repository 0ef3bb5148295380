// Command rollcall-load measures how fast Rollcall answers, beside the least that such an answer can cost on the same
// machine, and prints both as JSON: figures of a machine do not travel, ratios do.
//
// It starts the real program on a database in a temporary folder, with a Slack that accepts connections and never
// answers, sends it signed slash commands over loopback, and does the same to a few bare servers that do a part of the
// work each. The designs take turns, round by round, so that whatever else the machine does hits them all.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are what the command line says.
type settings struct {
	program string        // the rollcall to measure; built when empty
	before  string        // another build of rollcall, measured beside it; "" for none
	designs []string      // the bare servers to hold it against
	bolt    string        // a folder with the Bolt baseline, "" to leave it out
	rounds  int           // of which the median is taken
	each    time.Duration // how long a round of one design takes
	callers []int         // how many requests are under way at once
	open    int           // incidents that are open
	slow    time.Duration // added to each sync of the disk
	table   bool
	goals   string // a document that is to say how far the goals are reached
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "rollcall-load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 && args[0] == serveBare {
		return serve(ctx, args[1:], out)
	}
	s, err := parse(args, os.Stderr)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rollcall-load.")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if s.goals != "" {
		return document(ctx, s, dir, out)
	}
	report, err := measure(ctx, s, dir)
	if err != nil {
		return err
	}
	if s.table {
		return report.table(out)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(report)
}

func parse(args []string, usage io.Writer) (settings, error) {
	s := settings{callers: []int{1, 8, 64}, designs: bareDesigns}
	f := flag.NewFlagSet("rollcall-load", flag.ContinueOnError)
	f.SetOutput(usage)
	f.StringVar(&s.program, "rollcall", "", "the program to measure; built from ./cmd/rollcall when empty")
	f.StringVar(&s.before, "before", "", "another build of rollcall, measured beside it: what a change has brought")
	f.StringVar(&s.bolt, "bolt", "", "a folder in which `npm install @slack/bolt better-sqlite3` was run: measure Bolt for JavaScript too")
	f.IntVar(&s.rounds, "rounds", 5, "rounds, of which the median is taken")
	f.DurationVar(&s.each, "each", 2*time.Second, "how long a round of one design takes")
	f.IntVar(&s.open, "open", 20, "how many incidents are open")
	f.DurationVar(&s.slow, "slow", 0, "what is added to each sync of the disk, such as 2ms (needs gcc)")
	f.StringVar(&s.goals, "goals", "", "a Markdown document: measure all that it says of speed and put the figures into it; ten minutes on a machine that does nothing else")
	f.BoolVar(&s.table, "table", false, "print a table in Markdown instead of JSON")
	f.Func("designs", "the bare servers to hold it against, such as group (all: "+strings.Join(bareDesigns, ",")+")", func(list string) error {
		s.designs = strings.Split(list, ",")
		for _, d := range s.designs {
			if !slices.Contains(bareDesigns, d) {
				return fmt.Errorf("%q is none of %s", d, strings.Join(bareDesigns, ", "))
			}
		}
		return nil
	})
	f.Func("callers", "how many requests are under way at once, such as 1,8,64", func(list string) error {
		s.callers = nil
		for word := range strings.SplitSeq(list, ",") {
			n, err := strconv.Atoi(word)
			if err != nil || n < 1 || n > maxCallers {
				return fmt.Errorf("%q is no number from 1 to %d", word, maxCallers)
			}
			s.callers = append(s.callers, n)
		}
		return nil
	})
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.rounds < 1 || s.each < 10*time.Millisecond || s.each > time.Minute || s.open < 1 {
		return s, errors.New("-rounds and -open must be at least 1, and -each from 10ms to 1m")
	}
	return s, nil
}

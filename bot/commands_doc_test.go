package bot

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var updateCommands = flag.Bool("update-commands", false, "write docs/commands.md anew")

const commandsDoc = "../docs/commands.md"

// TestTheDocumentOfCommandsIsTheTable holds docs/commands.md to the command table.
func TestTheDocumentOfCommandsIsTheTable(t *testing.T) {
	want := commandsDocument()
	if *updateCommands {
		if err := os.WriteFile(commandsDoc, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(commandsDoc)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/commands.md is not what the command table says: run `make generate`")
	}
}

func commandsDocument() string {
	var b strings.Builder
	b.WriteString(`# Commands

Typed as ` + "`/incident …`" + `, or as a mention, ` + "`@Rollcall …`" + `, which also works in threads. ` + "`INC-7`" + ` in front names the incident; without it the
incident's own channel does, or the only open one. TIME is ` + "`14:05`, `14:05Z`, `2026-03-04T14:05+01:00` or `5m ago`" + `; a bare time is in your own zone.
DATE is ` + "`2026-03-04`, `today`, `tomorrow`, `friday`, `3d` or `2w`" + `. A person is a mention or ` + "`me`" + `.

These open a form when nothing follows them: ` + "`open`, `update`, `update edit E9`, `update ask E9`, `update answer E12`, `task`, `impact`, `action`, `timeline edit E5`, `rfo answer`" + `. A form says
its one-line command, keeps what was typed when something in it is wrong, and does the same as the line. ` + "`update edit E9`" + ` stops the update first, so that nothing goes out while you type.

Besides typing: a ` + "`:pushpin:`" + ` on a message of an incident's channel puts it on the timeline, a ` + "`:ballot_box_with_check:`" + ` makes it a task. The menu of each message has *Add to timeline*,
*Make a task* and *Open incident from this*; Slack's menu of shortcuts has *Open an incident*. A message from elsewhere goes to an incident only by a form that says who will read it.

This page is made from the command table; ` + "`make generate`" + ` writes it.
`)
	for _, g := range helpGroups {
		fmt.Fprintf(&b, "\n## %s\n\n| command | does | also |\n|---|---|---|\n", g)
		for _, r := range rows {
			if r.Group != g {
				continue
			}
			forms := strings.ReplaceAll(strings.Join(r.Usage, "`, `"), "|", `\|`)
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", forms, r.Help, strings.Join(r.Aliases, ", "))
		}
	}
	return b.String()
}

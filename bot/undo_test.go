package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
)

// Every success says how it is taken back; where it says `undo`, undo does it.
func TestUndoDoesWhatTheAnswerSays(t *testing.T) {
	for _, line := range strings.Split(strings.TrimSpace(undoable), "\n") {
		t.Run(line, func(t *testing.T) {
			w := newWorld(t)
			inc := w.open("U1", "open One", "C1")
			for _, first := range []string{"lead me", "service cart bleeding", "action <@U2> by friday alert; done when it rings", "customer Acme", "task read the log"} {
				w.does("U1", "C1", first)
			}
			w.clock.Advance(time.Second)
			for _, before := range strings.Split(line, " | ") {
				prepare, last, found := strings.Cut(before, " then ")
				if found {
					w.does("U1", "C1", prepare)
					w.clock.Advance(11 * time.Minute)
					before = last
				}
				was := w.incident(inc.ID)
				a := w.does("U1", "C1", before)
				if !strings.Contains(a.Text, "`undo` takes it back") {
					t.Fatalf("the answer is %q", a.Text)
				}
				mustSay(t, w.does("U1", "C1", "undo"), bot.Done, "taken back")
				is := w.incident(inc.ID)
				is.Head, is.Trace = was.Head, was.Trace
				if a, b := snapshot(t, was), snapshot(t, is); a != b {
					t.Errorf("%q\nwas %s\nis  %s", before, a, b)
				}
			}
		})
	}
}

const undoable = `
note at 13:05 the queue grew
timeline edit E6 another wording
timeline hide E6 a slip
task <@U2> look at the queue
task done T1
task assign T1 me
task drop T2 nobody needs it
task replace T2 restart the broker
task join T3
tasks confirm
service checkout suspect
service cart clear
rollback checkout
rollback cart done
rollback cart not-needed it was not deployed
decide roll everything back
handover <@U2>
lead <@U3>
sev 1
title Checkout is down
detected customer at 13:05 cannot pay
first-error 13:01 timeouts
started 13:00
ack
comms at 13:30 we are on it
impact about 2-5k users cannot pay
impact some
update All is well
mitigated at 13:40 the old version is out
resolve it is over
resolve then reopen it is back
cancel a false alarm
customer Beta
customer Acme told by <@U2>
follow
follow then unfollow
call https://meet.example.org/other
action me by 2w another
action replace A1 <@U3> by tomorrow better
action done A1
action move A1 2w the supplier is late
action drop A1 nobody needs it
action escalate A1 <@U3> 2w
rfo answer cause a full disk
rfo owner <@U2>
resolve then rfo skip a test
`

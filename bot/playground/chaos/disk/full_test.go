package disk_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos/disk"
)

// failures are the ways in which the disk fails at one operation.
var failures = []struct {
	name string
	how  disk.Failure
}{
	{"full from then on", disk.Failure{NoSpace: true, Sticky: true}},
	{"full once", disk.Failure{NoSpace: true}},
	{"broken from then on", disk.Failure{Sticky: true}},
	{"broken once", disk.Failure{}},
}

// outcomes counts what commands were answered while the disk failed.
type outcomes struct {
	tries, saved, refused, lost, unfaithful, stuck int
}

// TestTheDiskFailsAtEachOperation has the disk be full, or broken, at the first operation that changes it, at the second,
// and so on until commands get through without coming to it. Nothing may be answered as saved that is not, what is answered
// as not saved may not be there, and once there is room again the same process goes on.
func TestTheDiskFailsAtEachOperation(t *testing.T) {
	p := newProgram(t)
	p.open()
	p.does("open Outage")
	var all []said
	var c outcomes
	kinds := 0
	for _, f := range failures {
		kinds++
		for nth := int64(1); ; nth++ {
			f.how.Nth = nth
			said, failed := p.under(f.how, &c)
			all = append(all, said...)
			if !failed {
				break // three commands were over before the nth operation
			}
			if nth >= int64(chaos.Count(12, 1000)) {
				break
			}
		}
	}
	all = append(all, p.checkpoints(&c)...)
	p.close()
	events, damage, err := log(t.Context(), p.path)
	if err != nil || damage != "ok" {
		t.Fatalf("integrity_check: %s %v", damage, err)
	}
	c.compare(t, all, events)
	chaos.Figure{
		Program: "disk full (ENOSPC) or broken (EIO) at the n-th operation, n = 1, 2, 3 …", Seed: 0,
		Count: fmt.Sprintf("%d failures of %d kinds, %d commands: %d answered as saved, %d as not saved", c.tries, kinds+1, len(all), c.saved, c.refused),
		Result: fmt.Sprintf("%d answered as saved and lost, %d answered as not saved and there, %d times not writable again at once; integrity_check ok",
			c.lost, c.unfaithful, c.stuck),
	}.Show(t)
}

// under types three commands while the disk fails, then one when it does not.
func (p *program) under(f disk.Failure, c *outcomes) (all []said, failed bool) {
	p.t.Helper()
	c.tries++
	disk.Fail(f)
	for _, line := range []string{"INC-1 note", "INC-1 task", "open Another"} {
		all = append(all, p.says(line))
	}
	failed = disk.Failed() > 0
	disk.Heal()
	after := p.says("INC-1 note")
	if after.answer.Kind != bot.Done {
		c.stuck++
		p.t.Errorf("after failure %+v the first command was answered: %s", f, after.answer.Text)
	}
	return append(all, after), failed
}

// checkpoints has copying the log back into the file fail at each of its operations.
func (p *program) checkpoints(c *outcomes) (all []said) {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for nth := int64(1); nth <= int64(chaos.Count(3, 40)); nth++ {
		all = append(all, p.says("INC-1 note"))
		for _, space := range []bool{true, false} {
			c.tries++
			disk.Fail(disk.Failure{Nth: nth, NoSpace: space, Sticky: true})
			_, err := db.ExecContext(p.t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
			_ = err // it fails, unless it was done before; what counts is what is there afterwards
			all = append(all, p.says("INC-1 note"))
			disk.Heal()
			all = append(all, p.says("INC-1 note"))
		}
	}
	return all
}

// compare holds what was answered against the log.
func (c *outcomes) compare(t *testing.T, all []said, events string) {
	t.Helper()
	for _, s := range all {
		there := strings.Contains(events, s.token)
		switch s.answer.Kind {
		case bot.Done:
			c.saved++
			if !there {
				c.lost++
				t.Errorf("%s was answered as saved and is lost: %s", s.token, s.answer.Text)
			}
		case bot.NotSaved:
			c.refused++
			if !strings.HasPrefix(s.answer.Text, "NOT saved") || !strings.Contains(s.answer.Text, s.token) {
				t.Errorf("%s: what was typed is not in the answer: %s", s.token, s.answer.Text)
			}
			if there && !strings.HasPrefix(s.answer.Text, "NOT saved for sure") {
				c.unfaithful++
				t.Errorf("%s was answered as not saved and is there: %s", s.token, s.answer.Text)
			}
		default:
			t.Errorf("%s was answered (%s): %s", s.token, s.answer.Kind, s.answer.Text)
		}
	}
}

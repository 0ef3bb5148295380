package chaos

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// hookRun is what the log says of one run.
type hookRun struct {
	started, ended int
	state          string
}

// runs are what the log says, by service.
func (k *pressing) runs() map[string]*hookRun {
	db, err := sql.Open(k.driver, k.source)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	all := map[string]*hookRun{}
	each(k.t, db, `SELECT body FROM event WHERE kind IN ('hook.started', 'hook.ended')`, func(row string) {
		var e struct{ Service, State string }
		if err := json.Unmarshal([]byte(row), &e); err != nil {
			k.t.Fatal(err)
		}
		if all[e.Service] == nil {
			all[e.Service] = &hookRun{}
		}
		if e.State == "" {
			all[e.Service].started++
			return
		}
		all[e.Service].ended++
		all[e.Service].state = e.State
	})
	return all
}

// acted counts how often each service was rolled back, and the ends that commands came to.
func (k *pressing) acted() (begun, ended map[string]int) {
	begun, ended = map[string]int{}, map[string]int{}
	for _, o := range k.hooks.Orders() {
		begun[fmt.Sprint(o["service"])]++
	}
	for _, r := range k.github.Runs() {
		begun[r.Inputs["service"]]++
	}
	diary, err := os.ReadFile(k.diary)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // of few commands each may have been cut before its first word
		k.t.Error(err)
	}
	for line := range strings.Lines(string(diary)) {
		what, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if what == "begin" {
			begun[name]++
		} else {
			ended[name]++
		}
	}
	return begun, ended
}

// judge holds what was rolled back against the log, and counts the commands of which people were asked.
func (k *pressing) judge() (asked int) {
	begun, ended := k.acted()
	shot := k.slack.Snapshot()
	runs := k.runs()
	for name, n := range begun {
		if runs[name] == nil || n > 1 {
			k.t.Errorf("%s was rolled back %d times, and the log says %+v", name, n, runs[name])
		}
	}
	for name, run := range runs {
		if run.started != 1 || run.ended != 1 {
			k.t.Errorf("the hook of %s was started %d times and ended %d times", name, run.started, run.ended)
		}
		told := 0
		for _, ch := range shot.Channels {
			for _, m := range ch.Messages {
				if strings.Contains(m.Plain(), "Nobody can tell whether `"+name+"`") {
					told++
				}
			}
		}
		switch {
		case run.state == "unclear" && strings.HasPrefix(name, "cmd") && told == 1:
			asked++
		case run.state != "done" || told > 0:
			k.t.Errorf("the hook of %s came to %s, and people were asked %d times", name, run.state, told)
		case begun[name] != 1, strings.HasPrefix(name, "cmd") && ended[name] != 1:
			k.t.Errorf("the hook of %s is done, but it was rolled back %d times", name, begun[name])
		}
	}
	return asked
}

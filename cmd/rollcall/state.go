package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/bot/toggle"
)

// serverState is what a running server tells `doctor` of itself.
type serverState struct {
	Breakers []breakerState   `json:"breakers"` // of peers that are left alone
	Off      []toggle.Feature `json:"off"`
	Problem  string           `json:"problem,omitempty"` // why the file of settings cannot be read again
}

// breakerState is a peer that is left alone because it does not answer.
type breakerState struct {
	Peer  string    `json:"peer"`
	Since time.Time `json:"since,omitzero"` // where that is known
}

func (s *server) state(ctx context.Context) serverState {
	state := serverState{Breakers: []breakerState{}, Off: s.switches.Off(ctx)}
	if b := s.slack.Breaker(); b.Open {
		state.Breakers = append(state.Breakers, breakerState{Peer: "Slack", Since: b.Since})
	}
	if s.pager != nil && s.pager.Open() {
		state.Breakers = append(state.Breakers, breakerState{Peer: "PagerDuty"})
	}
	if err := s.switches.Problem(); err != nil {
		state.Problem = err.Error()
	}
	return state
}

func (s *server) tellState(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(s.state(r.Context())) // the other side is gone: nobody to tell
}

// askState asks a running server over its socket.
func askState(ctx context.Context, path string) (state serverState, err error) {
	ctx, cancel := context.WithTimeout(ctx, doTimeout)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
		DisableKeepAlives: true,
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://rollcall/state", nil)
	if err != nil {
		return state, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return state, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK { // an older server
		return state, nil
	}
	return state, json.NewDecoder(resp.Body).Decode(&state)
}

// peers says whom the running server leaves alone.
func (state serverState) peers() finding {
	f := finding{what: "peers", said: "the running server has given up on none"}
	if len(state.Breakers) == 0 {
		return f
	}
	var left []string
	for _, b := range state.Breakers {
		one := b.Peer
		if !b.Since.IsZero() {
			one += " since " + b.Since.UTC().Format("15:04 UTC")
		}
		left = append(left, one)
	}
	f.said = "the running server cannot reach " + strings.Join(left, ", ")
	f.fix = "Look at their status pages and at the way out of this machine; what is for them is kept and goes out afterwards"
	return f
}

// switched says what is switched off.
func switched(off []toggle.Feature, problem string) finding {
	f := finding{what: "switches", said: "nothing is switched off"}
	if len(off) > 0 {
		f.said, f.warn = fmt.Sprintf("switched off: %s", strings.Trim(fmt.Sprint(off), "[]")), true
		f.fix = "Take it out of switched_off in rollcall.yaml, or of ROLLCALL_SWITCHED_OFF, when the emergency is over"
	}
	if problem != "" {
		f.said, f.warn = f.said+"; the running server cannot read its settings again: "+problem, false
		f.fix = "Mend the file: until then what was read last holds"
	}
	return f
}

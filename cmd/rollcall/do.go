package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/rollcall-bot/rollcall/bot"
)

type doCmd struct {
	Yes   bool
	Words []string
}

func (c *doCmd) flags(f *pflag.FlagSet) {
	f.BoolVarP(&c.Yes, "yes", "y", false, "You have been asked, and mean it.")
}

func (c *doCmd) arguments() []argument {
	return []argument{{
		name: "words", help: "A command as after /incident, such as: INC-7 'note rolled back checkout'", many: true,
		take: func(word string) error { c.Words = append(c.Words, word); return nil },
	}}
}

// doTimeout is above the 3 s that an answer may take.
const doTimeout = 10 * time.Second

// Run speaks to the running server.
func (c *doCmd) Run(ctx context.Context, p *program) error {
	settings, err := p.config()
	if err != nil {
		return err
	}
	path, err := p.socketPath(settings)
	if err != nil {
		return err
	}
	a, err := askLocal(ctx, path, "do", localRequest{ID: p.newID(), Name: userName(), Line: strings.Join(c.Words, " "), Confirmed: c.Yes})
	if err != nil {
		return err
	}
	p.say("%s", printable(a.Text))
	for _, choice := range a.Choices {
		p.say("  %s: %s", printable(choice.Label), choice.call())
	}
	if a.Kind == bot.Done || a.Kind == bot.Shown {
		return nil
	}
	return errSaid
}

// askLocal speaks to the running server over its socket.
func askLocal(ctx context.Context, path, what string, req any) (localAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, doTimeout)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
		DisableKeepAlives: true,
	}}
	body, err := json.Marshal(req)
	if err != nil {
		return localAnswer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://rollcall/"+what, bytes.NewReader(body))
	if err != nil {
		return localAnswer{}, err
	}
	resp, err := client.Do(r)
	if err != nil {
		var at *net.OpError
		if errors.As(err, &at) && at.Op == "dial" {
			return localAnswer{}, fmt.Errorf("no server answers at %s: call this as the user that runs `rollcall serve`, with the same settings", path)
		}
		return localAnswer{}, fmt.Errorf("the server did not answer, so it is not known whether it is saved: look with `rollcall do status` (%w)", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 1000)) // a better error than none
		return localAnswer{}, fmt.Errorf("the server refuses: %s", strings.TrimSpace(string(said)))
	}
	var a localAnswer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		return localAnswer{}, fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	return a, nil
}

// call is what to type in a shell instead of pressing the button.
func (c localChoice) call() string {
	switch {
	case c.URL != "":
		return printable(c.URL)
	case c.Confirmed:
		return "rollcall do --yes " + shellQuoted(printable(c.Line))
	default:
		return "rollcall do " + shellQuoted(printable(c.Line))
	}
}

// userName is who sits at the terminal.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return "somebody"
	}
	return u.Username
}

// shellQuoted is a line as one argument of a shell.
func shellQuoted(line string) string {
	return "'" + strings.ReplaceAll(line, "'", `'\''`) + "'"
}

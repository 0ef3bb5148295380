package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// The caller, as Slack names them.
const (
	loadTeam  = "T0001" // the stand-in's
	loadUser  = "U0LOAD"
	loadToken = "xoxb-load" //nolint:gosec // of a stand-in
)

// silent is a Slack that accepts connections and never answers: what Rollcall does for it must not get into the way of
// those who wait.
func silent(ctx context.Context) (addr string, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { _ = l.Close() })
	go func() {
		for {
			if _, err := l.Accept(); err != nil {
				return
			}
		}
	}()
	return l.Addr().String(), nil
}

// healthy is a Slack that answers each call after a while.
func healthy(ctx context.Context, after time.Duration) (ws *slackfake.Workspace, addr string, err error) {
	ws = slackfake.New(slackfake.Options{Now: time.Now, BotToken: loadToken, SigningSecret: secret})
	ws.AddUser(slackfake.User{ID: loadUser, Name: "ana", RealName: "Ana"})
	ws.AddChannel("incidents", false, loadUser, loadUser, ws.Identity().BotUserID)
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	ws.SetURL("http://" + l.Addr().String())
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		late := time.NewTimer(after)
		defer late.Stop()
		select {
		case <-late.C:
			ws.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			panic(err) // there is nothing to measure without it
		}
	}()
	return ws, l.Addr().String(), nil
}

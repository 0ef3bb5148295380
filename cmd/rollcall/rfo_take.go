package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// copyRequest is what `rollcall rfo KEY --take FILE` sends.
type copyRequest struct {
	Name   string `json:"name"`   // of the user at the terminal
	Number int    `json:"number"` // of the incident
	Body   string `json:"body"`
}

// take has the running server take a copy's edits back: only the server decides.
func (c *rfoCmd) take(ctx context.Context, p *program, settings Config) error {
	body, err := readCopy(c.Take)
	if err != nil {
		return err
	}
	if body == nil {
		return fmt.Errorf("there is no file %s", c.Take)
	}
	path, err := p.socketPath(settings)
	if err != nil {
		return err
	}
	a, err := askLocal(ctx, path, "take", copyRequest{Name: userName(), Number: int(c.Key), Body: string(body)})
	if err != nil {
		return err
	}
	p.say("%s", printable(a.Text))
	if a.Kind == bot.Refused || a.Kind == bot.NotSaved {
		return errSaid
	}
	return nil
}

// takeCopy answers a copyRequest.
func (c *conversation) takeCopy(w http.ResponseWriter, r *http.Request) {
	var req copyRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 2*copyLimit)).Decode(&req); err != nil {
		http.Error(w, "this is not a copy of an RFO", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(c.taken(r.Context(), req)) // the other side is gone: nobody to tell
}

func (c *conversation) taken(ctx context.Context, req copyRequest) localAnswer {
	key := incident.Key(req.Number)
	var id incident.ID
	err := c.store.Read(ctx, func(r *storage.Reader) (err error) {
		id, err = r.RawByNumber(req.Number)
		return err
	})
	if storage.IsNotFound(err) {
		return localAnswer{Kind: bot.Refused, Text: "There is no " + key + ": `rollcall incidents` lists what there is."}
	}
	count := 0
	if err == nil {
		count, err = takeBack(ctx, c.store, c.door, c.cfg, id, []byte(req.Body), "a copy that "+slackWord(req.Name)+" gave back")
	}
	switch {
	case err != nil:
		return localAnswer{Kind: bot.NotSaved, Text: "NOT saved: " + err.Error() + ". The file is as it was; try again in a moment."}
	case count == 0:
		return localAnswer{Kind: bot.Shown, Text: "Nobody wrote anything into this copy of the RFO of " + key + "."}
	}
	return localAnswer{Kind: bot.Done, Text: "Kept what was written into " + parts(count) + " of the RFO of " + key + ". The next `rfo publish` carries it."}
}

func parts(n int) string {
	if n == 1 {
		return "one part"
	}
	return strconv.Itoa(n) + " parts"
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// document is an incident's RFO as it stands now.
func document(r *storage.Reader, inc *incident.Incident, c Config) (rfo.Document, error) {
	log, err := r.RawRecords(inc.ID, 1)
	if err != nil {
		return rfo.Document{}, err
	}
	return rfo.Build(inc, log, people{r}, rfo.Options{
		TeamZone: c.Practice.Timezone, BaseURL: c.Server.PublicURL,
		Active: func(id incident.PersonID) bool {
			p, err := r.Person(id)
			return err != nil || !p.Deleted
		},
	}), nil
}

// publish writes an incident's RFO into the folder of published ones and returns
// it. The same events give the same bytes, so that a repeat changes nothing.
func (s *server) publish(ctx context.Context, id incident.ID) (outbound.File, error) {
	var file outbound.File
	err := s.store.Read(ctx, func(r *storage.Reader) error {
		inc, err := r.RawIncident(id)
		if err != nil {
			return err
		}
		d, err := document(r, inc, s.cfg)
		if err != nil {
			return err
		}
		file = outbound.File{Name: rfoName(inc), Title: "RFO of " + inc.Key(), Body: rfo.Markdown(d)}
		return nil
	})
	if err != nil {
		return file, err
	}
	return file, writeWhole(filepath.Join(s.cfg.RFODir, file.Name), file.Body)
}

// rfoName is the name of a published RFO, such as INC-7-checkout-is-down.md. It
// stays as it was decided at opening; a private incident's says nothing.
func rfoName(inc *incident.Incident) string {
	return "INC-" + strings.TrimPrefix(inc.Identity.ChannelName, "inc-") + ".md"
}

// writeWhole writes a file so that nobody ever reads half of it: beside its place,
// synced, then renamed.
func writeWhole(path string, body []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make the folder of RFOs: %w", err)
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".rfo-*")
	if err != nil {
		return fmt.Errorf("write the RFO: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	_, err = part.Write(body)
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return fmt.Errorf("write the RFO: %w", err)
	}
	if err = os.Rename(part.Name(), path); err != nil {
		return fmt.Errorf("name the RFO: %w", err)
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
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
	return documentOf(r, inc, log, c)
}

func documentOf(r *storage.Reader, inc *incident.Incident, log []incident.Record, c Config) (rfo.Document, error) {
	earlier, err := bot.EarlierOf(r, inc, c.Server.PublicURL)
	if err != nil {
		return rfo.Document{}, err
	}
	layout, err := layoutOf(c.Templates)
	if err != nil {
		return rfo.Document{}, err
	}
	return rfo.Build(inc, log, people{r}, rfo.Options{
		Layout: layout, TeamZone: c.Practice.Timezone, BaseURL: c.Server.PublicURL, Earlier: earlier,
		Active: func(id incident.PersonID) bool {
			p, err := r.Person(id)
			return err != nil || !p.Deleted
		},
	}), nil
}

// edition is the document's Markdown with what people wrote into copies of it.
func edition(inc *incident.Incident, d rfo.Document) []byte {
	last, _ := inc.Review.LastRevision()
	return rfo.Edition(rfo.Markdown(d), inc.Review.Paper.Overlays, last.Revision)
}

// editTries is how often a file is read again because somebody saved it while its
// next edition was being made.
const editTries = 5

// publish writes a revision of an incident's RFO into the folder of published ones
// and returns it. What people wrote into the file there is taken back first. The
// same events give the same bytes, so that a repeat changes nothing.
func (s *server) publish(ctx context.Context, id incident.ID, revision int) (outbound.File, error) {
	for range editTries {
		file, path, found, err := s.prepare(ctx, id, revision)
		if err != nil {
			return file, err
		}
		now, err := readCopy(path)
		if err != nil {
			return file, err
		}
		if bytes.Equal(found, now) {
			return file, writeWhole(path, file.Body)
		}
	}
	return outbound.File{}, errors.New("the RFO's file is being written by somebody else")
}

// prepare takes edits of the file back and makes its next edition.
func (s *server) prepare(ctx context.Context, id incident.ID, revision int) (file outbound.File, path string, found []byte, err error) {
	err = s.store.Read(ctx, func(r *storage.Reader) error {
		inc, err := r.RawIncident(id)
		if err == nil {
			path = filepath.Join(s.cfg.RFO.Dir, rfoName(inc))
		}
		return err
	})
	if err != nil {
		return file, path, nil, err
	}
	if found, err = readCopy(path); err != nil {
		return file, path, nil, err
	}
	if found != nil {
		if _, err := takeBack(ctx, s.store, s.talk, s.cfg, id, found, "the published file"); err != nil {
			return file, path, found, err
		}
	}
	err = s.store.Write(ctx, func(tx *storage.Tx) error {
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		if revision == 0 { // of a step that an older program stored
			last, _ := inc.Review.LastRevision()
			revision = last.Revision
		}
		v, err := writtenAs(tx.Reader, inc, revision, s.cfg)
		if err != nil {
			return err
		}
		v.Overlays = inc.Review.Paper.Overlays
		file = outbound.File{Name: rfoName(inc), Title: "RFO of " + inc.Key(), Body: rfo.Edition(v.Markdown, v.Overlays, revision)}
		return tx.SaveRevision(id, revision, storage.Revision{Body: string(v.Markdown), Overlays: v.Overlays})
	})
	return file, path, found, err
}

// writtenAs is what a revision was written from: as it was kept, or else as the log
// says it was; what there is now when there is no such revision.
func writtenAs(r *storage.Reader, inc *incident.Incident, revision int, c Config) (rfo.Written, error) {
	v, err := r.RawRevision(inc.ID, revision)
	if err == nil {
		return rfo.Written{Markdown: []byte(v.Body), Overlays: v.Overlays}, nil
	}
	if !storage.IsNotFound(err) {
		return rfo.Written{}, err
	}
	log, err := r.RawRecords(inc.ID, 1)
	if err != nil {
		return rfo.Written{}, err
	}
	for _, p := range inc.Review.Revisions() {
		if p.Revision == revision && p.Seq < int64(len(log)) {
			log = log[:p.Seq]
			if inc, err = incident.Fold(inc.ID, log); err != nil {
				return rfo.Written{}, err
			}
			break
		}
	}
	d, err := documentOf(r, inc, log, c)
	return rfo.Written{Markdown: rfo.Markdown(d), Overlays: inc.Review.Paper.Overlays}, err
}

// doer decides commands in Rollcall's own name.
type doer interface {
	Do(ctx context.Context, id incident.ID, cmd incident.Command) error
}

// takeBack keeps what people wrote into a copy of an incident's RFO, and says into
// how many parts.
func takeBack(ctx context.Context, store *storage.Store, by doer, c Config, id incident.ID, copied []byte, from string) (count int, err error) {
	var taken []incident.Overlay
	err = store.Read(ctx, func(r *storage.Reader) error {
		inc, err := r.RawIncident(id)
		if err != nil {
			return err
		}
		revision, _ := rfo.RevisionOf(copied)
		then, err := writtenAs(r, inc, revision, c)
		if err != nil {
			return err
		}
		d, err := document(r, inc, c)
		taken = rfo.TakeBack(copied, then, rfo.Written{Markdown: rfo.Markdown(d), Overlays: inc.Review.Paper.Overlays})
		return err
	})
	if err != nil || len(taken) == 0 {
		return 0, err
	}
	return len(taken), by.Do(ctx, id, incident.TakeRFO{Overlays: taken, From: from})
}

// copyLimit bounds a file that is taken back; an RFO has some ten kilobytes.
const copyLimit = 1 << 20

// readCopy reads a file that people may have edited; nil when there is none. One
// that is far too large is nothing that we wrote, and is left as it is.
func readCopy(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at the RFO's file: %w", err)
	}
	if info.Size() > copyLimit {
		return nil, fmt.Errorf("%s is larger than an RFO can be: move it away", path)
	}
	body, err := os.ReadFile(path) //nolint:gosec // the folder is the operator's own, the name is ours
	if err != nil {
		return nil, fmt.Errorf("read the RFO's file: %w", err)
	}
	return body, nil
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

package storage

import (
	"encoding/json"
	"fmt"

	"github.com/rollcall-bot/rollcall/incident"
)

// Revision is what a revision of an RFO said when it was written.
type Revision struct {
	Body     string             // Markdown, without what people wrote into copies
	Overlays []incident.Overlay // what they wrote, as it was laid over the body
}

// SaveRevision keeps what a revision of an incident's RFO says. The body that was
// written first stays; the overlays are those of the last time that it was written.
func (tx *Tx) SaveRevision(id incident.ID, revision int, v Revision) error {
	overlays, err := json.Marshal(v.Overlays)
	if err != nil {
		return fmt.Errorf("encode overlays: %w", err)
	}
	_, err = tx.exec(`INSERT INTO rfo_revision (incident, revision, body, overlays, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (incident, revision) DO UPDATE SET overlays = excluded.overlays`,
		text(id), int64(revision), clean(v.Body), string(overlays), micros(tx.s.opts.Now()))
	return err
}

// RawRevision is what a revision says; NotFound when it was not kept. Whoever asks
// has been through the gate.
func (r *Reader) RawRevision(id incident.ID, revision int) (v Revision, err error) {
	var overlays string
	err = r.row(`SELECT body, overlays FROM rfo_revision WHERE incident = $1 AND revision = $2`,
		args{text(id), int64(revision)}, &v.Body, &overlays)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(overlays), &v.Overlays); err != nil {
		return v, fmt.Errorf("decode overlays: %w", err)
	}
	return v, nil
}

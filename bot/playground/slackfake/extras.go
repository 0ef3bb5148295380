package slackfake

import (
	"encoding/json"
)

// canvasLimit is how long the Markdown of a canvas may be, in bytes.
const canvasLimit = 1 << 20

// document checks the text of a canvas.
func (c *call) document() error {
	raw := c.str("document_content")
	if raw == "" {
		return nil
	}
	var doc struct{ Type, Markdown string }
	if json.Unmarshal([]byte(raw), &doc) != nil || doc.Type != "markdown" || len(doc.Markdown) > canvasLimit {
		return fail("canvas_creation_failed")
	}
	return nil
}

func canvasesCreate(c *call) (obj, error) {
	if c.opts.FreePlan {
		return nil, fail("free_teams_cannot_create_non_tabbed_canvases")
	}
	if err := c.document(); err != nil {
		return nil, err
	}
	return obj{"canvas_id": c.state.nextID("F")}, nil
}

func channelCanvasesCreate(c *call) (obj, error) {
	ch, err := c.seen(c.str("channel_id"))
	switch {
	case err != nil:
		return nil, err
	case ch.canvas != "":
		return nil, fail("channel_canvas_already_exists")
	}
	if err := c.document(); err != nil {
		return nil, err
	}
	ch.canvas = c.state.nextID("F")
	return obj{"canvas_id": ch.canvas}, nil
}

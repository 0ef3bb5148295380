package slackfake

import (
	"encoding/json"
)

// canvasLimit is how long the Markdown of a canvas may be, in bytes.
const canvasLimit = 1 << 20

func callsAdd(c *call) (obj, error) {
	id, url := c.str("external_unique_id"), c.str("join_url")
	switch {
	case id == "" || url == "":
		return nil, fail("invalid_arguments")
	case c.str("created_by") == "": // "required when using a bot token"
		return nil, fail("invalid_created_by")
	case c.state.people[c.str("created_by")] == nil:
		return nil, fail("user_not_found")
	case c.state.calls[id] != nil:
		return nil, fail("invalid_external_unique_id")
	}
	made := obj{
		"id": c.state.nextID("R"), "title": c.str("title"), "external_unique_id": id, "join_url": url,
		"date_start": c.number("date_start", int(c.at.Unix())), "channels": []string{}, "users": []obj{},
	}
	c.state.calls[id] = made
	return obj{"call": made}, nil
}

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

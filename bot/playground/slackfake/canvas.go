package slackfake

import "encoding/json"

// canvasLimit is how long the Markdown of a canvas may be, in bytes.
const canvasLimit = 1 << 20

// RefuseCanvases has every method of canvases answer with an error, as in a plan
// without them; "" for none.
func (ws *Workspace) RefuseCanvases(code string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.state.switches.canvasError = code
}

// Canvas is what the canvas of a channel says; ok is false when it has none.
func (ws *Workspace) Canvas(channel string) (markdown string, ok bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ch := ws.state.resolve(channel)
	if ch == nil || ch.canvas == "" {
		return "", false
	}
	return string(ws.state.files[ch.canvas].Content), true
}

// MakeCanvas has somebody make the canvas of a channel by hand, in place of one that
// is there.
func (ws *Workspace) MakeCanvas(user, channel, markdown string) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ch := ws.state.resolve(channel); ch != nil {
		ch.canvas = ws.addCanvas(user, markdown)
	}
}

func (ws *Workspace) addCanvas(user, markdown string) (id string) {
	f := &File{ID: ws.state.nextID("F"), Name: "canvas", Title: "Canvas", User: user, Content: []byte(markdown), Size: len(markdown), Uploaded: true, Complete: true}
	ws.state.files[f.ID] = f
	return f.ID
}

// document is the text of a canvas.
func document(raw string) (markdown string, ok bool) {
	if raw == "" {
		return "", true
	}
	var doc struct{ Type, Markdown string }
	err := json.Unmarshal([]byte(raw), &doc)
	return doc.Markdown, err == nil && doc.Type == "markdown" && len(doc.Markdown) <= canvasLimit
}

func canvasesCreate(c *call) (obj, error) {
	if c.state.switches.canvasError != "" {
		return nil, fail(c.state.switches.canvasError)
	}
	if c.opts.FreePlan {
		return nil, fail("free_teams_cannot_create_non_tabbed_canvases")
	}
	markdown, ok := document(c.str("document_content"))
	if !ok {
		return nil, fail("canvas_creation_failed")
	}
	return obj{"canvas_id": c.addCanvas(c.self.BotUserID, markdown)}, nil
}

func channelCanvasesCreate(c *call) (obj, error) {
	ch, err := c.seen(c.str("channel_id"))
	if err != nil {
		return nil, err
	}
	markdown, ok := document(c.str("document_content"))
	switch {
	case c.state.switches.canvasError != "":
		return nil, fail(c.state.switches.canvasError)
	case ch.canvas != "":
		return nil, fail("channel_canvas_already_exists")
	case !ok:
		return nil, fail("canvas_creation_failed")
	}
	ch.canvas = c.addCanvas(c.self.BotUserID, markdown)
	return obj{"canvas_id": ch.canvas}, nil
}

// canvasesEdit carries out one change, of the whole canvas: Rollcall makes no other.
func canvasesEdit(c *call) (obj, error) {
	var changes []struct {
		Operation string          `json:"operation"`
		SectionID string          `json:"section_id"`
		Document  json.RawMessage `json:"document_content"`
	}
	f := c.state.files[c.str("canvas_id")]
	switch {
	case c.state.switches.canvasError != "":
		return nil, fail(c.state.switches.canvasError)
	case f == nil || f.User == "":
		return nil, fail("canvas_not_found")
	case json.Unmarshal([]byte(c.str("changes")), &changes) != nil || len(changes) != 1 || changes[0].Operation != "replace" || changes[0].SectionID != "":
		return nil, fail("invalid_arguments")
	}
	markdown, ok := document(string(changes[0].Document))
	if !ok {
		return nil, fail("canvas_editing_failed")
	}
	f.Content = []byte(markdown)
	return nil, nil
}

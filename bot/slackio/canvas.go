package slackio

import (
	"bytes"
	"context"
	"path"
	"strings"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Canvas brings RFOs to the canvases of their incidents' channels.
type Canvas struct{ Client *Client }

const (
	// canvasLimit is how long the Markdown of a canvas may be, in bytes
	// (docs.slack.dev, conversations.canvases.create).
	canvasLimit = 1 << 20
	canvasNote  = "_Rollcall writes this canvas anew with each revision of the RFO. What should stay is said with_ `/incident rfo answer`_, or on the RFO's page._\n\n"
)

// noCanvas are the errors by which Slack says that a workspace has no canvases, or
// not for us, each with what to do.
var noCanvas = map[string]string{
	"team_tier_cannot_create_channel_canvases":     "the workspace's plan has no canvases.",
	"free_team_canvas_tab_already_exists":          "the workspace's plan has one canvas in a channel, which is there already.",
	"free_teams_cannot_create_non_tabbed_canvases": "the workspace's plan has no canvases.",
	"free_teams_cannot_edit_standalone_canvases":   "the workspace's plan does not let apps edit canvases.",
	"canvas_disabled_user_team":                    "canvases are switched off in the workspace.",
	"canvas_disabled_file_team":                    "canvases are switched off in the workspace.",
	"restricted_action":                            "the workspace does not let apps make canvases.",
	"missing_scope":                                "the app lacks the scope canvases:write: give it the manifest that `rollcall manifest` prints, and install it again.",
}

// Export writes a revision into the channel's canvas. One that people made is left
// alone.
//
// Class: detectable. A channel has one canvas. Before it is made, Slack is asked
// which the channel has and who made it; a change sets all of it.
func (c Canvas) Export(ctx context.Context, p outbound.Paper) (place string, err error) {
	if p.Channel == "" {
		return "", nil // the incident goes on without one
	}
	markdown := canvasNote + string(withoutFront(p.Text.Plain))
	if len(markdown) > canvasLimit {
		return "", unavailable("conversations.canvases.create", "the RFO is longer than a canvas may be.")
	}
	content := slack.DocumentContent{Type: "markdown", Markdown: markdown}
	id, err := c.find(ctx, p.Channel)
	if err == nil && id != "" {
		err = c.edit(ctx, id, content)
	} else if err == nil {
		id, err = c.create(ctx, p.Channel, content)
	}
	if err != nil {
		return "", judgeCanvas(err)
	}
	self, err := c.Client.whoAmI(ctx)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(self.URL, "/") + "/" + path.Join("docs", self.TeamID, id), nil
}

// judgeCanvas tells what the workspace does not have from what went wrong.
func judgeCanvas(err error) error {
	f := outbound.FailureOf(err)
	if why, ok := noCanvas[f.Code]; ok && f.End == outbound.Refused {
		return unavailable(f.Step, why)
	}
	if f.Code == "channel_canvas_already_exists" || f.Code == "canvas_not_found" { // since it was looked for
		return &outbound.Failure{End: outbound.NotDone, Step: f.Step, Code: f.Code, Err: f}
	}
	return err
}

func unavailable(step, why string) *outbound.Failure {
	return &outbound.Failure{End: outbound.Refused, Step: step, Code: outbound.Unavailable, Fix: why}
}

// find is the channel's canvas, when we made it; "" when there is none.
func (c Canvas) find(ctx context.Context, channel string) (id string, err error) {
	var info *slack.Channel
	err = c.Client.call(ctx, "conversations.info", "", func(ctx context.Context) (err error) {
		info, err = c.Client.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		return err
	})
	if err != nil || info.Properties == nil || info.Properties.Canvas.FileId == "" {
		return "", err
	}
	id = info.Properties.Canvas.FileId
	var file *slack.File
	err = c.Client.call(ctx, "files.info", "", func(ctx context.Context) (err error) {
		file, _, _, err = c.Client.api.GetFileInfoContext(ctx, id, 0, 0)
		return err
	})
	switch {
	case is(err, "file_not_found", "file_deleted"):
		return "", nil
	case err != nil:
		return "", err
	}
	self, err := c.Client.whoAmI(ctx)
	switch {
	case err != nil:
		return "", err
	case file.User != self.UserID:
		return "", unavailable("conversations.canvases.create", "a channel had a canvas that people made, which is left alone.")
	}
	return id, nil
}

func (c Canvas) create(ctx context.Context, channel string, content slack.DocumentContent) (id string, err error) {
	err = c.Client.call(ctx, "conversations.canvases.create", "", func(ctx context.Context) (err error) {
		id, err = c.Client.api.CreateChannelCanvasContext(ctx, channel, content)
		return err
	})
	return id, err
}

// edit sets the whole canvas: a replacement without a section is one of all.
func (c Canvas) edit(ctx context.Context, id string, content slack.DocumentContent) error {
	return c.Client.call(ctx, "canvases.edit", "", func(ctx context.Context) error {
		return c.Client.api.EditCanvasContext(ctx, slack.EditCanvasParams{
			CanvasID: id, Changes: []slack.CanvasChange{{Operation: "replace", DocumentContent: content}},
		})
	})
}

// withoutFront is Markdown without the YAML in front of it, which a canvas would show
// as text.
func withoutFront(md []byte) []byte {
	rest, ok := bytes.CutPrefix(md, []byte("---\n"))
	if !ok {
		return md
	}
	_, body, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return md
	}
	return bytes.TrimLeft(body, "\n")
}

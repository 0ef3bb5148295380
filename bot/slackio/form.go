package slackio

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/say"
	"github.com/rollcall-bot/rollcall/incident"
)

// Slack's limits on views, from its published types, in characters.
const (
	maxViewTitle = 24
	maxInput     = 3000 // of a text field; what is longer cannot be typed
	maxHint      = 2000 // of labels and hints
	maxOption    = 75
)

// OpenForm opens a form for whoever just pressed or typed something.
func (c *Client) OpenForm(ctx context.Context, trigger string, f bot.Form) error {
	view, err := c.layForm(f)
	if err != nil {
		return err
	}
	return c.OpenView(ctx, trigger, view)
}

// UpdateForm draws a form anew that somebody has open; view is Slack's id of it.
// Slack keeps what is typed in a field whose id stays the same. No hash is sent:
// of two drawings the later one holds, and an older one only shows an older note.
func (c *Client) UpdateForm(ctx context.Context, view string, f bot.Form) error {
	laid, err := c.layForm(f)
	if err != nil {
		return err
	}
	return c.UpdateView(ctx, view, laid)
}

func (c *Client) layForm(f bot.Form) (json.RawMessage, error) {
	view, err := json.Marshal(formView(f, c.opts.Book.Text(incident.Say{ID: "form.line", Args: incident.Args{"line": f.Line}}, say.Plain{})))
	if err != nil {
		return nil, fmt.Errorf("lay out the form %s: %w", f.Name, err)
	}
	return view, nil
}

// formView lays a form out as a modal. Everything in it but the address of a page of
// ours is plain text, so that nothing that a person typed comes alive.
func formView(f bot.Form, line string) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: f.Name, PrivateMetadata: f.Meta,
		Title: flat(f.Title, maxViewTitle), Submit: flat(f.Submit, maxViewTitle),
	}
	if f.Intro != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewSectionBlock(flat(f.Intro, maxSection), nil, nil))
	}
	for _, field := range f.Fields {
		if field.Fact != "" {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewContextBlock("", flat(field.Fact, maxSmall)))
		}
		if field.Kind == bot.ShownField {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, shownBlocks(field)...)
			continue
		}
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, fieldBlock(field))
	}
	if f.Draft != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewActionBlock("", slack.NewButtonBlockElement("draft:0", "", flat(f.Draft, maxOption))))
	}
	if f.Note != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewContextBlock("", flat(f.Note, maxSmall)))
	}
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewContextBlock("", flat(line, maxSmall)))
	if f.Page.URL != "" {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, pageBlock(f.Page))
	}
	return v
}

// shownBlocks are a field in which nothing is typed.
func shownBlocks(f bot.Field) []slack.Block {
	blocks := []slack.Block{slack.NewSectionBlock(flat(f.Label+"\n"+f.Hint, maxSection), nil, nil)}
	if f.Page.URL != "" {
		blocks = append(blocks, pageBlock(f.Page))
	}
	return blocks
}

// pageBlock leads to a page of ours. It is no button: Slack would ask us what to do
// when it is pressed.
func pageBlock(l bot.Link) slack.Block {
	return slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, "<"+l.URL+"|"+say.Escape(l.Label)+">", false, true))
}

// fieldBlock is one field; its block and its element have the field's id.
func fieldBlock(f bot.Field) slack.Block {
	var hint *slack.TextBlockObject
	if f.Hint != "" {
		hint = flat(f.Hint, maxHint)
	}
	b := slack.NewInputBlock(f.ID, flat(f.Label, maxHint), hint, fieldElement(f))
	b.Optional = f.Optional
	return b
}

func fieldElement(f bot.Field) slack.BlockElement {
	switch f.Kind {
	case bot.PickField:
		var options []*slack.OptionBlockObject
		var chosen *slack.OptionBlockObject
		for _, o := range f.Options {
			one := slack.NewOptionBlockObject(o.Value, flat(o.Label, maxOption), nil)
			if options = append(options, one); o.Value == f.Value {
				chosen = one
			}
		}
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, f.ID, options...)
		e.InitialOption = chosen
		return e
	case bot.PersonField:
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, f.ID)
		e.InitialUser = f.Value
		return e
	case bot.DateField:
		e := slack.NewDatePickerBlockElement(f.ID)
		e.InitialDate = f.Value
		return e
	default:
		e := slack.NewPlainTextInputBlockElement(nil, f.ID)
		e.Multiline, e.MaxLength = f.Kind == bot.TextField, maxInput
		e.InitialValue = cut(f.Value, maxInput, ellipsis)
		return e
	}
}

// flat is plain text, cut to what Slack takes.
func flat(text string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, cut(text, limit, ellipsis), false, false)
}

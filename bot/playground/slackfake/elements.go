package slackfake

import (
	"fmt"
	"slices"
	"strings"
)

// where lists the blocks in which each element may stand.
var where = map[string][]string{
	"button": {"section", "actions"}, "workflow_button": {"section", "actions"}, "overflow": {"section", "actions"},
	"image":         {"section"},
	"static_select": anywhere, "external_select": anywhere, "users_select": anywhere, "conversations_select": anywhere,
	"channels_select": anywhere, "datepicker": anywhere, "timepicker": anywhere,
	"datetimepicker": {"actions", "input"},
	"radio_buttons":  anywhere, "checkboxes": anywhere,
	"multi_static_select": {"section", "input"}, "multi_external_select": {"section", "input"},
	"multi_users_select": {"section", "input"}, "multi_conversations_select": {"section", "input"},
	"multi_channels_select": {"section", "input"},
	"plain_text_input":      {"input"}, "email_text_input": {"input"}, "url_text_input": {"input"}, "number_input": {"input"},
	"rich_text_input": {"input"}, "file_input": {"input"},
}

var anywhere = []string{"section", "actions", "input"}

// element checks something that can be used.
func (k *checker) element(at string, e obj, in string) {
	kind, _ := e["type"].(string)
	if !slices.Contains(where[kind], in) {
		k.bad(at+"/type", "unsupported type in a block of type %s: %s", in, kind)
		return
	}
	if kind == "image" {
		k.image(at, e)
		return
	}
	k.id(at, e, "action_id")
	k.confirm(at+"/confirm", e)
	k.optional(at+"/placeholder", e["placeholder"], 150, plainText)
	switch {
	case kind == "button":
		k.button(at, e)
	case kind == "overflow":
		k.options(at, e, 5, 75)
	case kind == "radio_buttons", kind == "checkboxes":
		k.options(at, e, 10, 75)
	case strings.HasSuffix(kind, "static_select"):
		k.selects(at, e)
	case kind == "plain_text_input":
		k.plainInput(at, e)
	}
}

func (k *checker) button(at string, e obj) {
	k.text(at+"/text", e["text"], 75, plainText)
	k.str(at, e, "value", 2000, false)
	if url := k.str(at, e, "url", 3000, false); url != "" && !strings.Contains(url, "://") && !strings.HasPrefix(url, "mailto:") {
		k.bad(at+"/url", "must be a valid URL")
	}
	if style, there := e["style"]; there && style != "primary" && style != "danger" {
		k.bad(at+"/style", "must be one of primary, danger")
	}
	k.str(at, e, "accessibility_label", 75, false)
}

func (k *checker) confirm(at string, e obj) {
	c, ok := e["confirm"].(obj)
	if !ok {
		return
	}
	k.text(at+"/title", c["title"], 100, plainText)
	k.text(at+"/text", c["text"], 300, plainText, mrkdwn)
	k.text(at+"/confirm", c["confirm"], 30, plainText)
	k.text(at+"/deny", c["deny"], 30, plainText)
}

func (k *checker) selects(at string, e obj) {
	groups, grouped := e["option_groups"].([]any)
	_, plain := e["options"].([]any)
	switch {
	case grouped == plain:
		k.bad(at, "exactly one of options and option_groups is required")
	case plain:
		k.options(at, e, 100, 75)
	case len(groups) == 0 || len(groups) > 100:
		k.bad(at+"/option_groups", "must have 1 to 100 items")
	}
	for n, g := range groups {
		path := fmt.Sprintf("%s/option_groups/%d", at, n)
		if o, ok := g.(obj); ok {
			k.text(path+"/label", o["label"], 75, plainText)
			k.options(path, o, 100, 75)
		}
	}
}

// options checks choices: 1 to most of them, each with a text and a value of its own.
func (k *checker) options(at string, e obj, most, limit int) {
	list, _ := e["options"].([]any)
	if len(list) == 0 || len(list) > most {
		k.bad(at+"/options", "must have 1 to %d items", most)
	}
	values := map[string]bool{}
	for n, v := range list {
		path := fmt.Sprintf("%s/options/%d", at, n)
		o, ok := v.(obj)
		if !ok {
			k.bad(path, "must be an object")
			continue
		}
		k.text(path+"/text", o["text"], limit, plainText, mrkdwn)
		value := k.str(path, o, "value", 75, true)
		if values[value] {
			k.bad(path+"/value", "value must be unique: %s", value)
		}
		values[value] = true
		k.optional(path+"/description", o["description"], 75, plainText, mrkdwn)
	}
}

func (k *checker) plainInput(at string, e obj) {
	k.str(at, e, "initial_value", 3000, false)
	for _, name := range []string{"min_length", "max_length"} {
		if n, ok := e[name].(float64); ok && (n < 0 || n > 3000 || n == 0 && name == "max_length") {
			k.bad(at+"/"+name, "must be between 0 and 3000")
		}
	}
}

func (k *checker) input(at string, b obj) {
	k.text(at+"/label", b["label"], 2000, plainText)
	k.optional(at+"/hint", b["hint"], 2000, plainText)
	e, ok := b["element"].(obj)
	if !ok {
		k.bad(at+"/element", "missing required field: element")
		return
	}
	k.element(at+"/element", e, "input")
}

func (k *checker) context(at string, b obj) {
	list, _ := b["elements"].([]any)
	if len(list) == 0 || len(list) > 10 {
		k.bad(at+"/elements", "must have 1 to 10 items")
	}
	for n, e := range list {
		path := fmt.Sprintf("%s/elements/%d", at, n)
		o, ok := e.(obj)
		switch {
		case ok && o["type"] == "image":
			k.image(path, o)
		case ok:
			k.text(path, o, 2000, plainText, mrkdwn)
		default:
			k.bad(path, "must be an object")
		}
	}
}

func (k *checker) actions(at string, b obj) {
	list, _ := b["elements"].([]any)
	if len(list) == 0 || len(list) > 25 {
		k.bad(at+"/elements", "must have 1 to 25 items")
	}
	ids := map[string]bool{}
	for n, e := range list {
		path := fmt.Sprintf("%s/elements/%d", at, n)
		o, ok := e.(obj)
		if !ok {
			k.bad(path, "must be an object")
			continue
		}
		if id, _ := o["action_id"].(string); id != "" {
			if ids[id] {
				k.bad(path+"/action_id", "`action_id` already exists in this block: %s", id)
			}
			ids[id] = true
		}
		k.element(path, o, "actions")
	}
}

func (k *checker) image(at string, b obj) {
	k.str(at, b, "alt_text", 2000, true)
	if _, slack := b["slack_file"].(obj); !slack {
		k.str(at, b, "image_url", 3000, true)
	}
}

func (k *checker) table(at string, b obj) {
	k.only(at, "table", "message")
	k.tables++
	rows, _ := b["rows"].([]any)
	if len(rows) == 0 || len(rows) > 100 {
		k.bad(at+"/rows", "must have 1 to 100 items")
	}
	for n, r := range rows {
		if cells, _ := r.([]any); len(cells) == 0 || len(cells) > 20 {
			k.bad(fmt.Sprintf("%s/rows/%d", at, n), "must have 1 to 20 items")
		}
	}
}

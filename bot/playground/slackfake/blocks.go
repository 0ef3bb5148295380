package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Slack's limits on Block Kit (its published types and the reference of blocks and elements).
const (
	messageBlocks = 50
	viewBlocks    = 100
	idLimit       = 255
	// blocksTotal is what all texts of a message's blocks may have together before msg_blocks_too_long.
	blocksTotal = 13_200
)

// checker collects what is wrong with blocks.
type checker struct {
	surface  string // message, modal or home
	problems []string
	ids      map[string]bool
	total    int
	markdown int
	tables   int
}

// bad notes a problem at a JSON pointer, worded as Slack words it.
func (k *checker) bad(path, format string, args ...any) {
	k.problems = append(k.problems, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+path+"]")
}

// length counts UTF-16 units. Slack does not say what it counts; this is the strictest reading.
func length(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// decodeBlocks reads an array of blocks; nil when there is none.
func decodeBlocks(raw string) ([]obj, error) {
	if raw == "" || raw == "null" {
		return nil, nil
	}
	list := []obj{}
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		return nil, fail("invalid_blocks_format")
	}
	return list, nil
}

// withIDs names the blocks that have no block_id, as Slack does.
func withIDs(list []obj) []obj {
	for n, b := range list {
		if id, _ := b["block_id"].(string); id == "" {
			b["block_id"] = fmt.Sprintf("auto%d", n+1)
		}
		for m, e := range elements(b) {
			if id, _ := e["action_id"].(string); id == "" && e["type"] != "image" && e["type"] != "mrkdwn" && e["type"] != "plain_text" {
				e["action_id"] = fmt.Sprintf("auto%d.%d", n+1, m+1)
			}
		}
	}
	return list
}

// elements are the things in a block that can be used: its elements, its accessory, its input element.
func elements(b obj) []obj {
	var out []obj
	if list, ok := b["elements"].([]any); ok && b["type"] == "actions" {
		for _, e := range list {
			if o, ok := e.(obj); ok {
				out = append(out, o)
			}
		}
	}
	for _, name := range []string{"accessory", "element"} {
		if o, ok := b[name].(obj); ok {
			out = append(out, o)
		}
	}
	return out
}

// checkMessageBlocks refuses the blocks of a message that break a limit.
func checkMessageBlocks(list []obj) error {
	k := checker{surface: "message", ids: map[string]bool{}}
	k.blocks("/blocks", list, messageBlocks)
	switch {
	case len(k.problems) > 0:
		return &apiError{code: "invalid_blocks", more: obj{
			"errors": plainProblems(k.problems), "response_metadata": obj{"messages": k.problems},
		}}
	case k.total > blocksTotal:
		return fail("msg_blocks_too_long")
	}
	return nil
}

func plainProblems(problems []string) []string {
	out := make([]string, len(problems))
	for n, p := range problems {
		out[n] = strings.TrimPrefix(p, "[ERROR] ")
	}
	return out
}

func (k *checker) blocks(path string, list []obj, most int) {
	if len(list) > most {
		k.bad(path, "no more than %d items allowed", most)
	}
	for n, b := range list {
		at := fmt.Sprintf("%s/%d", path, n)
		if id, there := k.id(at, b, "block_id"); there {
			if k.ids[id] {
				k.bad(at+"/block_id", "`block_id` already exists: %s", id)
			}
			k.ids[id] = true
		}
		k.block(at, b)
	}
	if k.markdown > markdownLimit {
		k.bad(path, "markdown blocks must have %d characters or fewer together", markdownLimit)
	}
	if k.tables > 1 {
		k.bad(path, "only one table is allowed")
	}
}

// id checks an optional identifier.
func (k *checker) id(path string, o obj, name string) (id string, there bool) {
	v, ok := o[name]
	if !ok {
		return "", false
	}
	id, ok = v.(string)
	if !ok || length(id) > idLimit {
		k.bad(path+"/"+name, "must be a string of less than %d characters", idLimit+1)
	}
	return id, id != ""
}

func (k *checker) block(at string, b obj) {
	kind, _ := b["type"].(string)
	switch kind {
	case "section":
		k.section(at, b)
	case "divider":
	case "header":
		k.text(at+"/text", b["text"], 150, plainText)
	case "context":
		k.context(at, b)
	case "actions":
		k.actions(at, b)
	case "input":
		k.input(at, b)
	case "image":
		k.image(at, b)
		k.optional(at+"/title", b["title"], 2000, plainText)
	case "markdown":
		s := k.str(at, b, "text", markdownLimit, true)
		k.markdown += length(s)
		k.only(at, kind, "message")
	case "rich_text":
		if list, ok := b["elements"].([]any); !ok || len(list) == 0 {
			k.bad(at+"/elements", "missing required field: elements")
		}
		k.total += len(encode(b["elements"])) / 2
	case "table":
		k.table(at, b)
	case "video", "file", "call":
		k.only(at, kind, "message")
	default:
		k.bad(at+"/type", "unsupported type: %s", kind)
	}
}

func (k *checker) only(at, kind, surface string) {
	if k.surface != surface {
		k.bad(at+"/type", "unsupported type for a %s: %s", k.surface, kind)
	}
}

const (
	plainText = "plain_text"
	mrkdwn    = "mrkdwn"
)

// text checks a text object; it returns the text.
func (k *checker) text(path string, v any, limit int, kinds ...string) string {
	o, ok := v.(obj)
	if !ok {
		k.bad(path, "missing required field: text")
		return ""
	}
	if kind, _ := o["type"].(string); !slices.Contains(kinds, kind) {
		k.bad(path+"/type", "must be one of %s", strings.Join(kinds, ", "))
	}
	if _, has := o["verbatim"]; has && o["type"] == plainText {
		k.bad(path+"/verbatim", "additional property: verbatim")
	}
	if _, has := o["emoji"]; has && o["type"] == mrkdwn {
		k.bad(path+"/emoji", "additional property: emoji")
	}
	s := k.str(path, o, "text", limit, true)
	k.total += length(s)
	return s
}

func (k *checker) optional(path string, v any, limit int, kinds ...string) {
	if v != nil {
		k.text(path, v, limit, kinds...)
	}
}

// str checks a string field.
func (k *checker) str(path string, o obj, name string, limit int, required bool) string {
	v, there := o[name]
	if !there && !required {
		return ""
	}
	s, ok := v.(string)
	switch {
	case !ok:
		k.bad(path+"/"+name, "missing required field: %s", name)
	case required && s == "":
		k.bad(path+"/"+name, "must be more than 0 characters")
	case length(s) > limit:
		k.bad(path+"/"+name, "must be less than %d characters", limit+1)
	}
	return s
}

func (k *checker) section(at string, b obj) {
	fields, hasFields := b["fields"].([]any)
	if b["text"] == nil && !hasFields {
		k.bad(at, "missing required field: text or fields")
	}
	k.optional(at+"/text", b["text"], 3000, plainText, mrkdwn)
	if hasFields && (len(fields) == 0 || len(fields) > 10) {
		k.bad(at+"/fields", "must have 1 to 10 items")
	}
	for n, f := range fields {
		k.text(fmt.Sprintf("%s/fields/%d", at, n), f, 2000, plainText, mrkdwn)
	}
	if a, ok := b["accessory"].(obj); ok {
		k.element(at+"/accessory", a, "section")
	}
}

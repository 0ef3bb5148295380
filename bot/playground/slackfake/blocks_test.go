package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// raw calls a method with JSON, past what the client library would refuse itself.
func (w *testWorld) raw(t *testing.T, method string, args obj) (code string, messages string) {
	t.Helper()
	body := encode(args)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.APIURL()+method, bytes.NewReader(body))
	ok(t, err)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Authorization", "Bearer "+w.BotToken())
	resp, err := http.DefaultClient.Do(req)
	ok(t, err)
	defer func() { _ = resp.Body.Close() }()
	var out struct {
		Error    string `json:"error"`
		Metadata struct {
			Messages []string `json:"messages"`
		} `json:"response_metadata"`
	}
	ok(t, json.NewDecoder(resp.Body).Decode(&out))
	return out.Error, strings.Join(out.Metadata.Messages, "\n")
}

func text(kind string, n int) obj { return obj{"type": kind, "text": strings.Repeat("x", n)} }

func many(n int, make func(int) obj) []obj {
	out := []obj{}
	for i := range n {
		out = append(out, make(i))
	}
	return out
}

func section(n int) obj { return obj{"type": "section", "text": text(mrkdwn, n)} }

func actionsOf(elements ...obj) obj { return obj{"type": "actions", "elements": elements} }

func press(change obj) obj {
	b := obj{"type": "button", "text": text(plainText, 3), "action_id": "a"}
	for k, v := range change {
		b[k] = v
	}
	return b
}

func selectOf(n int) obj {
	return obj{"type": "static_select", "action_id": "s", "options": many(n, func(i int) obj {
		return obj{"text": text(plainText, 3), "value": fmt.Sprint(i)}
	})}
}

func TestBlockLimits(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Now = t0.UTC })
	divider := func(int) obj { return obj{"type": "divider"} }
	for name, c := range map[string]struct {
		good, bad []obj
		want      string
	}{
		"blocks":       {many(50, divider), many(51, divider), "no more than 50 items"},
		"unknown":      {many(1, divider), []obj{{"type": "marquee"}}, "unsupported type: marquee"},
		"section":      {[]obj{section(3000)}, []obj{section(3001)}, "/blocks/0/text/text"},
		"empty":        {[]obj{section(1)}, []obj{section(0)}, "more than 0"},
		"no text":      {[]obj{section(1)}, []obj{{"type": "section"}}, "text or fields"},
		"fields":       {[]obj{{"type": "section", "fields": many(10, func(int) obj { return text(mrkdwn, 5) })}}, []obj{{"type": "section", "fields": many(11, func(int) obj { return text(mrkdwn, 5) })}}, "1 to 10"},
		"field":        {[]obj{{"type": "section", "fields": []obj{text(mrkdwn, 2000)}}}, []obj{{"type": "section", "fields": []obj{text(mrkdwn, 2001)}}}, "2001"},
		"header":       {[]obj{{"type": "header", "text": text(plainText, 150)}}, []obj{{"type": "header", "text": text(plainText, 151)}}, "151"},
		"header kind":  {[]obj{{"type": "header", "text": text(plainText, 1)}}, []obj{{"type": "header", "text": text(mrkdwn, 1)}}, "plain_text"},
		"context":      {[]obj{{"type": "context", "elements": many(10, func(int) obj { return text(mrkdwn, 5) })}}, []obj{{"type": "context", "elements": many(11, func(int) obj { return text(mrkdwn, 5) })}}, "1 to 10"},
		"actions":      {[]obj{actionsOf(many(25, func(i int) obj { return press(obj{"action_id": fmt.Sprint(i)}) })...)}, []obj{actionsOf(many(26, func(i int) obj { return press(obj{"action_id": fmt.Sprint(i)}) })...)}, "1 to 25"},
		"same action":  {[]obj{actionsOf(press(nil)), actionsOf(press(nil))}, []obj{actionsOf(press(nil), press(nil))}, "already exists in this block"},
		"block id":     {[]obj{{"type": "divider", "block_id": strings.Repeat("i", 255)}}, []obj{{"type": "divider", "block_id": strings.Repeat("i", 256)}}, "block_id"},
		"same block":   {[]obj{{"type": "divider", "block_id": "a"}}, []obj{{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}}, "already exists"},
		"button text":  {[]obj{actionsOf(press(obj{"text": text(plainText, 75)}))}, []obj{actionsOf(press(obj{"text": text(plainText, 76)}))}, "76"},
		"button value": {[]obj{actionsOf(press(obj{"value": strings.Repeat("v", 2000)}))}, []obj{actionsOf(press(obj{"value": strings.Repeat("v", 2001)}))}, "value"},
		"button url":   {[]obj{actionsOf(press(obj{"url": "https://example.org/"}))}, []obj{actionsOf(press(obj{"url": "https://" + strings.Repeat("v", 3000)}))}, "3001"},
		"action id":    {[]obj{actionsOf(press(obj{"action_id": strings.Repeat("i", 255)}))}, []obj{actionsOf(press(obj{"action_id": strings.Repeat("i", 256)}))}, "action_id"},
		"style":        {[]obj{actionsOf(press(obj{"style": "danger"}))}, []obj{actionsOf(press(obj{"style": "loud"}))}, "primary, danger"},
		"confirm":      {[]obj{actionsOf(press(obj{"confirm": obj{"title": text(plainText, 100), "text": text(mrkdwn, 300), "confirm": text(plainText, 30), "deny": text(plainText, 30)}}))}, []obj{actionsOf(press(obj{"confirm": obj{"title": text(plainText, 101), "text": text(mrkdwn, 300), "confirm": text(plainText, 30), "deny": text(plainText, 30)}}))}, "101"},
		"options":      {[]obj{actionsOf(selectOf(100))}, []obj{actionsOf(selectOf(101))}, "1 to 100"},
		"radio":        {[]obj{actionsOf(obj{"type": "radio_buttons", "options": selectOf(10)["options"]})}, []obj{actionsOf(obj{"type": "radio_buttons", "options": selectOf(11)["options"]})}, "1 to 10"},
		"alt text":     {[]obj{{"type": "image", "image_url": "https://example.org/i.png", "alt_text": "i"}}, []obj{{"type": "image", "image_url": "https://example.org/i.png", "alt_text": strings.Repeat("a", 2001)}}, "alt_text"},
		"table":        {[]obj{{"type": "table", "rows": [][]obj{many(20, divider)}}}, []obj{{"type": "table", "rows": [][]obj{many(21, divider)}}}, "1 to 20"},
		"misplaced":    {[]obj{actionsOf(press(nil))}, []obj{actionsOf(obj{"type": "plain_text_input"})}, "unsupported type in a block of type actions"},
	} {
		if code, why := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "text": name, "blocks": c.good}); code != "" {
			t.Errorf("%s: refused what is within the limit: %s %s", name, code, why)
		}
		if code, why := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "text": name, "blocks": c.bad}); code != "invalid_blocks" || !strings.Contains(why, c.want) {
			t.Errorf("%s: got %q %q, want invalid_blocks because of %q", name, code, why, c.want)
		}
	}
	if code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "text": "x", "blocks": many(5, func(int) obj { return section(2900) })}); code != "msg_blocks_too_long" {
		t.Errorf("14,500 characters gave %q", code)
	}
	if code, _ := w.raw(t, "chat.postMessage", obj{"channel": w.ops, "text": "x", "blocks": "{"}); code != "invalid_blocks_format" {
		t.Errorf("broken JSON gave %q", code)
	}
}

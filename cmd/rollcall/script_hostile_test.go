package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	documented  = regexp.MustCompile("(?m)^\\| (`[^|]*(?:\\\\\\|[^|]*)*`) \\|")
	oneForm     = regexp.MustCompile("`([^`]+)`")
	formChoices = regexp.MustCompile(`([a-z-]+)(\|[a-z-]+)+`)
	formWords   = regexp.MustCompile(`\b(TEXT|TITLE|REASON|NAME)\b`)
	formFill    = strings.NewReplacer(`\|`, "|", "[", "", "]", "", "…", "", "1..4", "2", "@user", "me", "TIME", "1m ago", "DATE", "2w", "SERVICE", "checkout",
		"UNIT", "users", "N-M", "3-5", "REVISION", "1", "URL", "https://meet.example.org/x", "PROVIDER", "jitsi", "VERB", "task", "QUESTION TEXT", "cause TEXT", "QUESTION", "TEXT")
)

// hostile has a person type every documented form of every command that takes words,
// with each of some texts as its words.
func (s *stage) hostile(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 2 && s.ws != nil, "hostile PERSON CHANNEL TEXT…")
	page, err := os.ReadFile("../../docs/commands.md")
	ts.Check(err)
	typed := 0
	for _, row := range documented.FindAllStringSubmatch(string(page), -1) {
		for _, form := range oneForm.FindAllStringSubmatch(row[1], -1) {
			line := formChoices.ReplaceAllString(formFill.Replace(form[1]), "$1")
			if !formWords.MatchString(line) {
				continue
			}
			for _, text := range args[2:] {
				typed++
				_, err := s.ws.Actor(args[0]).Slash(s.ctx, args[1], "/incident", formWords.ReplaceAllLiteralString(line, unquoted(text)))
				ts.Check(err)
			}
		}
	}
	_, _ = fmt.Fprintf(ts.Stdout(), "%d lines\n", typed)
}

// acted are what Slack acts on, and the links of the texts that scripts type.
var acted = regexp.MustCompile(`<(!channel|!here|!everyone|!subteam|https?://evil)[^>]*>|\bjavascript:[^ ]*\|`)

// alive looks for texts that Slack would act on in everything that it was sent.
func (s *stage) alive(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 0 && s.ws != nil, "alive")
	texts, words := 0, 0
	for _, c := range s.ws.Calls("") {
		for name, value := range c.Args {
			var decoded any
			switch name {
			case "text":
				decoded = map[string]any{"type": "mrkdwn", "text": value}
			case "blocks", "view", "body", "attachments":
				if json.Unmarshal([]byte(value), &decoded) != nil {
					continue
				}
			}
			read(decoded, func(text string) {
				texts++
				if strings.Contains(text, "&lt;!channel") {
					words++
				}
				if found := acted.FindString(text); found != "" {
					ts.Fatalf("%s brings %s to life: %s", c.Method, found, text)
				}
			})
		}
	}
	_, _ = fmt.Fprintf(ts.Stdout(), "%d texts, %d of them escaped\n", texts, words)
}

// read visits every text of a payload that Slack reads as its markup.
func read(value any, visit func(string)) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			read(one, visit)
		}
	case map[string]any:
		if v["type"] == "plain_text" {
			return
		}
		for _, inner := range v {
			if text, ok := inner.(string); ok {
				visit(text)
			}
			read(inner, visit)
		}
	}
}

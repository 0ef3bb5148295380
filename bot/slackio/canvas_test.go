package slackio

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/playground/slackfake"
)

// onCanvas brings a text to the canvas of the general channel, as often as it takes.
func (b *bench) onCanvas(text string) (place string, f *outbound.Failure) {
	b.t.Helper()
	p := outbound.Paper{Channel: "C0001", Text: outbound.PaperText{Plain: []byte("---\nschema: \"x\"\n---\n\n" + text)}}
	for range 4 {
		b.clock.Advance(time.Minute)
		var err error
		place, err = Canvas{Client: b.Client}.Export(b.t.Context(), p)
		if f = outbound.FailureOf(err); f == nil || f.End == outbound.Refused {
			return place, f
		}
	}
	return place, f
}

func TestACanvasIsMadeOnceAndSetAnew(t *testing.T) {
	for name, fault := range map[string]slackfake.Fault{
		"well":       {Method: "none", Kind: slackfake.Reset},
		"lost reply": {Method: "conversations.canvases.create", Kind: slackfake.LostReply, Times: 1},
		"half":       {Method: "conversations.canvases.create", Kind: slackfake.Garbled, Times: 1},
		"reset":      {Method: "conversations.canvases.create", Kind: slackfake.Reset, Times: 1},
		"lost edit":  {Method: "canvases.edit", Kind: slackfake.LostReply, Times: 1},
		"blind":      {Method: "files.info", Kind: slackfake.Status, Times: 1},
	} {
		b := newBench(t)
		b.Inject(fault)
		place, f := b.onCanvas("# One\n")
		if f != nil || !strings.HasPrefix(place, "https://") || !strings.Contains(place, "/docs/T") {
			t.Fatalf("%s: %q, %v", name, place, f)
		}
		again, f := b.onCanvas("# Two\n")
		got, _ := b.Canvas("general")
		if f != nil || again != place || !strings.HasSuffix(got, "# Two\n") || strings.Contains(got, "schema") {
			t.Errorf("%s: %q, %v: %q", name, again, f, got)
		}
		if n := b.Done("conversations.canvases.create"); n != 1 {
			t.Errorf("%s: made %d times", name, n)
		}
	}
}

func TestACanvasOfPeopleIsLeftAlone(t *testing.T) {
	b := newBench(t)
	b.MakeCanvas("U0009", "general", "our notes")
	_, f := b.onCanvas("# One\n")
	if got, _ := b.Canvas("general"); f == nil || f.Code != outbound.Unavailable || got != "our notes" {
		t.Errorf("%+v: %q", f, got)
	}
}

func TestWhereThereAreNoCanvases(t *testing.T) {
	for code := range noCanvas {
		if code == "missing_scope" {
			continue
		}
		b := newBench(t)
		b.RefuseCanvases(code)
		if _, f := b.onCanvas("# One\n"); f == nil || f.End != outbound.Refused || f.Code != outbound.Unavailable || f.Fix == "" {
			t.Errorf("%s: %+v", code, f)
		}
	}
	b := newBench(t)
	b.SetScopes("channels:read", "groups:read", "files:read")
	if _, f := b.onCanvas("# One\n"); f == nil || f.Code != outbound.Unavailable || !strings.Contains(f.Fix, "canvases:write") {
		t.Errorf("%+v", f)
	}
	if _, f := b.onCanvas(strings.Repeat("x", canvasLimit)); f == nil || f.Code != outbound.Unavailable {
		t.Errorf("too long: %+v", f)
	}
}

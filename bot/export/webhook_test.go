package export_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/bot/export"
	"github.com/rollcall-bot/rollcall/bot/guard"
	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/rest"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func paper() outbound.Paper {
	return outbound.Paper{
		Op: "op-1", Incident: "0190-a", Key: "INC-7", Title: "Checkout is down", Name: "INC-7-checkout-is-down.md", Opened: noon, Revision: 2, At: noon,
		Text: outbound.PaperText{
			Edition: []byte("<!-- rollcall:begin title r2 0123456789abcdef -->\n\n# RFO\n\n<!-- rollcall:end title -->\n"),
			Plain:   []byte("# RFO\n"), JSON: []byte(`{"schema":"x"}`),
		},
	}
}

func local() *http.Client { return guard.Client(guard.Options{Allow: []string{"127.0.0.1"}}) }

func TestWebhookCarriesTheRevisionAndTheSameKeyAtARepeat(t *testing.T) {
	var keys, bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if _, want := rest.Signature("secret", noon, body); r.Header.Get(rest.SignatureHeader) != want {
			t.Errorf("signature %q, want %q", r.Header.Get(rest.SignatureHeader), want)
		}
		keys, bodies = append(keys, r.Header.Get(rest.KeyHeader)), append(bodies, string(body))
	}))
	defer server.Close()
	w := export.NewWebhook(server.URL+"/x?token=abc", "secret", local(), func() time.Time { return noon })
	for range 2 {
		place, err := w.Export(context.Background(), paper())
		if err != nil || place != server.URL+"/x" {
			t.Fatalf("%q, %v", place, err)
		}
	}
	if keys[0] == "" || keys[0] != keys[1] || bodies[0] != bodies[1] {
		t.Errorf("a repeat differs: %q\n%q", keys, bodies)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(bodies[0]), &got); err != nil || got["markdown"] != "# RFO\n" || got["revision"] != 2.0 {
		t.Errorf("%v: %s", err, bodies[0])
	}
}

func TestWebhookJudgesAnswers(t *testing.T) {
	var code atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		status := int(code.Load())
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
	}))
	defer server.Close()
	for _, one := range []struct {
		code int
		want outbound.End
		wait time.Duration
	}{
		{200, "", 0},
		{204, "", 0},
		{409, "", 0}, // the key is known
		{0, outbound.Unclear, 0},
		{500, outbound.Unclear, 0},
		{502, outbound.Unclear, 0},
		{408, outbound.Unclear, 0},
		{429, outbound.Delayed, 7 * time.Second},
		{503, outbound.Delayed, 7 * time.Second},
		{302, outbound.Refused, 0}, // it leads where nobody looked
		{401, outbound.Refused, 0},
		{404, outbound.Refused, 0},
	} {
		code.Store(int64(one.code))
		_, err := export.NewWebhook(server.URL+"?token=abc", "secret", local(), time.Now).Export(context.Background(), paper())
		f := outbound.FailureOf(err)
		if f == nil {
			f = &outbound.Failure{}
		}
		if f.End != one.want || f.Wait != one.wait || strings.Contains(f.Error()+f.Fix, "token=abc") {
			t.Errorf("%d: %+v", one.code, f)
		}
	}
}

func TestWebhookGoesNowhereUnallowed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	w := export.NewWebhook("http://"+l.Addr().String(), "secret", guard.Client(guard.Options{}), time.Now)
	_, err = w.Export(context.Background(), paper())
	if f, refused := outbound.Refusal(err); !refused || !strings.Contains(f.Fix, "outgoing.allow_hosts") {
		t.Errorf("%v", err)
	}
}

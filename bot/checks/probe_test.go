package checks

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestWhatIsWrongIsSaid(t *testing.T) {
	stop := make(chan struct{})
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("the other")) }))
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	defer func() { close(stop); site.Close(); other.Close() }()
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "all is well, %s %s", r.Method, r.UserAgent())
	})
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/there", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, http.StatusFound) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	closed := httptest.NewServer(nil)
	closed.Close()
	tls := httptest.NewTLSServer(mux)
	defer tls.Close()

	for name, c := range map[string]struct {
		url, method, text string
		status            []string
		want              string
	}{
		"well":                     {site.URL + "/ok", "GET", "", []string{"2xx"}, ""},
		"the text is there":        {site.URL + "/ok", "GET", "is well", []string{"2xx"}, ""},
		"the method and the agent": {site.URL + "/ok", "POST", "POST Rollcall/test", []string{"200"}, ""},
		"only a head":              {site.URL + "/ok", "HEAD", "", []string{"200"}, ""},
		"the text is not there":    {site.URL + "/ok", "GET", "is ill", []string{"2xx"}, `the answer does not hold "is ill"`},
		"one of several":           {site.URL + "/empty", "GET", "", []string{"200", "204"}, ""},
		"another status":           {site.URL + "/broken", "GET", "", []string{"2xx"}, "answered 500 instead of 2xx"},
		"meant to be broken":       {site.URL + "/broken", "GET", "", []string{"5xx"}, ""},
		"led on at home":           {site.URL + "/here", "GET", "is well", []string{"2xx"}, ""},
		"led round":                {site.URL + "/round", "GET", "", []string{"2xx"}, "answered 302 instead of 2xx"},
		"led elsewhere":            {site.URL + "/there", "GET", "", []string{"2xx"}, "answered 302 instead of 2xx, and leads to another host, localhost"},
		"as it should":             {site.URL + "/there", "GET", "", []string{"302"}, ""},
		"slow":                     {site.URL + "/slow?key=hidden", "GET", "", []string{"2xx"}, "no answer within 300ms"},
		"endless":                  {site.URL + "/endless", "GET", "end", []string{"2xx"}, `the answer does not hold "end"`},
		"nobody there":             {closed.URL + "/?key=hidden", "GET", "", []string{"2xx"}, "the connection is refused"},
		"a certificate of its own": {tls.URL + "/ok", "GET", "", []string{"2xx"}, "its certificate is not good"},
	} {
		t.Run(name, func(t *testing.T) {
			timeout := 10 * time.Second
			if name == "slow" {
				timeout = 300 * time.Millisecond
			}
			got := NewProber("Rollcall/test").Try(t.Context(), Check{Name: name, URL: c.url, Method: c.method, Text: c.text, Status: c.status, Timeout: timeout})
			if got != c.want && (c.want == "" || !strings.HasPrefix(got, c.want)) || strings.Contains(got, "hidden") {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAPlaceHoldsNoSecret(t *testing.T) {
	if got := (Check{URL: "https://example.org:8443/health?key=hidden#x"}).Place(); got != "https://example.org:8443/health" {
		t.Error(got)
	}
	err := &url.Error{Op: "Get", URL: "https://example.org/?key=hidden", Err: context.DeadlineExceeded}
	if got := trouble(err, Check{Timeout: time.Second}); got != "no answer within 1s" {
		t.Error(got)
	}
}

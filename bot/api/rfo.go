package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// formats are what an RFO can be had as, by ?format; the first is the default.
var formats = []struct {
	name, kind string
	write      func(rfo.Document) []byte
}{
	{"json", "application/json", rfo.JSON},
	{"md", "text/markdown", rfo.Markdown},
	{"html", "text/html", rfo.HTML},
}

// formatOf is the row of formats that a request asks for; -1 when it takes none.
func formatOf(r *http.Request) int {
	for n, f := range formats {
		if r.URL.Query().Get("format") == f.name {
			return n
		}
	}
	return accepted(strings.Join(r.Header.Values("Accept"), ","))
}

// accepted is the row that an Accept header likes best (RFC 9110, 12.5.1).
func accepted(header string) int {
	if strings.TrimSpace(header) == "" {
		return 0
	}
	best, liked := -1, 0.0
	for n, f := range formats {
		if q := likes(header, f.kind); q > liked {
			best, liked = n, q
		}
	}
	return best
}

// likes is the weight that an Accept header gives a type: that of the most precise
// range that it fits.
func likes(header, kind string) float64 {
	group, _, _ := strings.Cut(kind, "/")
	weight, precision := 0.0, 0
	for part := range strings.SplitSeq(header, ",") {
		want, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		fits := map[string]int{kind: 3, group + "/*": 2, "*/*": 1}[want]
		if fits <= precision {
			continue
		}
		precision, weight = fits, 1
		if q, ok := params["q"]; ok {
			weight, err = strconv.ParseFloat(q, 64)
			if err != nil {
				weight = 0
			}
		}
	}
	return weight
}

func (s *Server) rfo(c *call) {
	if !c.params() {
		return
	}
	c.Header().Set("Vary", "Accept")
	at := formatOf(c.Request)
	customer := c.URL.Query().Get("customer") == "true"
	switch {
	case customer && c.URL.Query().Has("format") && formats[at].name != "md":
		fail(c, http.StatusBadRequest, "bad_parameter", "What a customer may read is Markdown only: leave out format, or say format=md.")
		return
	case customer:
		at = 1
	case at < 0:
		fail(c, http.StatusNotAcceptable, "not_acceptable", "An RFO is application/json, text/markdown or text/html: accept one of them, or say ?format=md.")
		return
	}
	var body []byte
	err := s.Store.Read(c.Context(), func(r *storage.Reader) error {
		inc, _, err := c.find(r)
		if err != nil {
			return err
		}
		d, err := s.Document(r, inc)
		if err != nil {
			return err
		}
		body = formats[at].write(d)
		if customer {
			body = rfo.CustomerMarkdown(rfo.Customer(d, rfo.CustomerText{Zone: s.Zone}))
		}
		return nil
	})
	if err != nil {
		s.missed(c, err)
		return
	}
	c.Header().Set("Content-Type", formats[at].kind+"; charset=utf-8")
	if formats[at].name == "html" { // the document has a style and nothing else
		c.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
	}
	_, _ = c.Write(body) // the other side is gone: nobody to tell
}

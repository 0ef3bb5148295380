package page

import (
	"fmt"
	"net/http"
	"regexp"
	"sync"
)

// documentPolicy lets a document bring its own styles and nothing else, inside the page's frame. It comes without scripts.
const documentPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"

var documentKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^INC-[1-9]\d{0,8}$`) })

// serveFile shows a file as text, to whoever sees a conversation that it was shared in.
func (p *Page) serveFile(w http.ResponseWriter, r *http.Request) {
	snap, as := p.stage.Slack.Snapshot(), r.URL.Query().Get("as")
	for _, f := range snap.Files {
		if f.ID != r.PathValue("id") || !f.Complete {
			continue
		}
		for _, share := range f.Shares {
			for _, ch := range snap.Channels {
				if ch.ID == share.Channel && sees(snap, ch, as) {
					w.Header().Set("Content-Type", "text/plain; charset=utf-8")
					_, _ = w.Write(f.Content)
					return
				}
			}
		}
	}
	refuse(w, http.StatusNotFound, "There is no such file to be seen.")
}

// serveDocument shows an incident's RFO as it stands, to whoever sees its channel.
func (p *Page) serveDocument(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	if !documentKey().MatchString(key) || p.stage.Document == nil || !p.reads(r.URL.Query().Get("as"), key) {
		refuse(w, http.StatusNotFound, "There is no such document to be seen.")
		return
	}
	body, err := p.stage.Document(r.Context(), key)
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, fmt.Sprintf("The document of %s cannot be made: %v", key, err))
		return
	}
	w.Header().Set("Content-Security-Policy", documentPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(body)
}

// reads says whether somebody may read a document.
func (p *Page) reads(as, key string) bool {
	for _, d := range documents(p.stage.Slack.Snapshot(), as) {
		if d.Key == key {
			return true
		}
	}
	return false
}

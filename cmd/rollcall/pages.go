package main

import (
	"net"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/pages"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// openPages makes what browsers see, and has the conversation hand out links to it.
func (s *server) openPages() (err error) {
	base, in := s.pagesAt(), s.cfg.SignIn
	signIn := pages.SignIn{ClientID: in.ClientID, ClientSecret: in.ClientSecret.Reveal(), Key: in.SessionKey.Reveal(), Issuer: in.Issuer}
	s.talk.OfferLinks(bot.Links{Base: base, SignIn: signIn.On(), Secret: pages.Secret, Life: in.LinkLife})
	s.doors.pages, err = pages.New(pages.Options{
		Store: s.store, Door: measured{Door: s.talk, metrics: s.metrics, now: s.p.wall},
		Document: func(r *storage.Reader, inc *incident.Incident) (rfo.Document, error) { return document(r, inc, s.cfg) },
		Zone:     s.cfg.Practice.Timezone, PublicURL: base,
		Questions: s.talk,
		SignIn:    signIn,
		Now:       s.p.clock.Now, NewID: s.p.newID, Secret: pages.Secret, Log: s.log,
	})
	return err
}

// pagesAt is where browsers reach the pages: ROLLCALL_PUBLIC_URL, or on this machine
// alone the very address; "" when only the operator knows.
func (s *server) pagesAt() string {
	if s.cfg.Server.PublicURL != "" {
		return s.cfg.Server.PublicURL
	}
	if at, ok := s.doors.public.Addr().(*net.TCPAddr); ok && at.IP.IsLoopback() {
		return "http://" + at.String()
	}
	return ""
}

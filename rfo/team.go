package rfo

import (
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// team is who took part and where to read on.
func (b *builder) team() People {
	var p People
	role := func(name string, who ...string) {
		who = slices.DeleteFunc(who, func(s string) bool { return s == "" })
		if len(who) > 0 {
			p.Roles = append(p.Roles, Role{Role: name, Who: strings.Join(who, ", ")})
		}
	}
	var leaders []string
	for _, t := range b.inc.Leadership.Terms {
		if who := b.who(t.Leader); who != "" {
			leaders = append(leaders, who)
		}
	}
	role("Leader", slices.Compact(leaders)...)
	role("Opened by", b.who(b.inc.Identity.Opener))
	role("RFO written by", b.who(b.owner()))
	role("Responders", b.responders()...)
	p.Sources = b.sources()
	p.Names = b.everybody()
	return p
}

// responders are those who did something before it was over, and those who had tasks.
func (b *builder) responders() []string {
	var ids []incident.PersonID
	for _, r := range b.log {
		if e := b.moments.last().resolved; !e.Known() || !r.At.After(e.At) {
			ids = append(ids, r.Actor)
		}
	}
	for _, t := range b.inc.Board.Tasks {
		ids = append(append(ids, t.Owner), t.Joined...)
	}
	return b.distinct(ids)
}

// everybody is everyone whose name may stand in the document.
func (b *builder) everybody() []string {
	var ids []incident.PersonID
	for _, r := range b.all {
		ids = append(ids, r.Actor)
	}
	for _, t := range b.inc.Board.Tasks {
		ids = append(append(ids, t.Owner), t.Joined...)
	}
	for _, a := range b.inc.Review.Actions {
		ids = append(ids, a.Owner)
	}
	for _, t := range b.inc.Leadership.Terms {
		ids = append(ids, t.Leader)
	}
	ids = append(ids, b.inc.Review.Owner, b.inc.Leadership.Leader, b.inc.Leadership.Named)
	names := b.distinct(ids)
	slices.Sort(names)
	return slices.Compact(names)
}

// distinct names people once each, in the order of their first appearance.
func (b *builder) distinct(ids []incident.PersonID) []string {
	var names []string
	seen := map[incident.PersonID]bool{incident.System: true}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			names = append(names, b.people.bare(id))
		}
	}
	return names
}

// sources links only to addresses that we made; a call's link is text.
func (b *builder) sources() []Source {
	i := b.inc
	var list []Source
	channel := i.Channel.Name
	if channel == "" {
		channel = i.Identity.ChannelName
	}
	if channel != "" {
		s := Source{What: "Channel", Name: clean(channel)}
		if web(b.options.ChannelURL) {
			s.URL = b.options.ChannelURL
		}
		list = append(list, s)
	}
	if url := b.page(""); url != "" {
		list = append(list, Source{What: "Page", Name: i.Key(), URL: url})
	}
	for _, c := range i.Calls {
		if c.URL == "" {
			continue
		}
		list = append(list, Source{What: "Call", Name: clean(c.URL)})
	}
	return list
}

// web says whether an address is one that a document may link to.
func web(url string) bool {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(url, scheme); ok {
			return rest != "" && !strings.ContainsAny(url, " \t\r\n<>()[]\"'`|\\^{}")
		}
	}
	return false
}

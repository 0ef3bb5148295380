package incident

import (
	"slices"
	"strings"
)

// Card is something shown in Slack that is redrawn from the state whenever the
// state changed: a message edited in place, the topic, the bookmark. Rendering
// happens when it is sent, so any number of changes collapse into the last.
type Card string

// The cards of every incident; tasks, decisions and updates have one each.
const (
	SummaryCard      Card = "summary"      // pinned in the incident's channel
	AnnouncementCard Card = "announcement" // in the announcement channel, never of a private incident
	TopicCard        Card = "topic"
	BookmarkCard     Card = "bookmark" // the call
	BoardCard        Card = "board"    // services and their rollbacks
	CallCard         Card = "call"     // the call as Slack's own block, where the installation wants it
)

// prefixes of the keys whose whole key is a card of its own.
var ownCards = []string{"task:", "decision:", "update:"}

// cardsOf says which cards show a part of the state.
var cardsOf = map[string][]Card{
	"opened":   {SummaryCard, AnnouncementCard, TopicCard},
	"status":   {SummaryCard, AnnouncementCard, TopicCard, CallCard},
	"severity": {SummaryCard, AnnouncementCard, TopicCard},
	"title":    {SummaryCard, AnnouncementCard, TopicCard},
	"leader":   {SummaryCard, AnnouncementCard, TopicCard},
	"call":     {SummaryCard, BookmarkCard, CallCard},
	"channel":  {AnnouncementCard},
	"impact":   {SummaryCard, AnnouncementCard},
	"task":     {SummaryCard},
	"update":   {SummaryCard, AnnouncementCard},
	"service":  {SummaryCard, BoardCard},
	"action":   {SummaryCard},
	"answer":   {SummaryCard},
	"stamp":    {SummaryCard},
	"alarm":    {SummaryCard},
	"rfo":      {SummaryCard, AnnouncementCard},
}

// KnownCard says whether this program knows what a card shows. Others are a newer
// program's, and left as they are.
func KnownCard(c Card) bool {
	for _, p := range ownCards {
		if strings.HasPrefix(string(c), p) {
			return true
		}
	}
	for _, cards := range cardsOf {
		if slices.Contains(cards, c) {
			return true
		}
	}
	return false
}

// CardsOf lists the cards that events with these keys ("task:T2", "severity")
// make stale. A private incident has no card outside its own channel.
func CardsOf(private bool, keys []string) []Card {
	var cards []Card
	seen := map[Card]bool{}
	add := func(c Card) {
		if !seen[c] && (!private || c != AnnouncementCard) {
			seen[c] = true
			cards = append(cards, c)
		}
	}
	for _, key := range keys {
		part, _, _ := strings.Cut(key, ":")
		for _, c := range cardsOf[part] {
			add(c)
		}
		for _, p := range ownCards {
			if strings.HasPrefix(key, p) {
				add(Card(key))
			}
		}
	}
	return cards
}

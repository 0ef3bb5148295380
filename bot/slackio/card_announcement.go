package slackio

import "github.com/slack-go/slack"

// announcement is the card in the announcement channel, for those who do not
// work on the incident. A private incident has none.
func (d drawing) announcement(string) (Message, bool) {
	if d.i.Identity.Private {
		return Message{}, false
	}
	common := d.common()
	return Message{
		Text:   d.text("card_announcement.fallback", common),
		Blocks: []slack.Block{section(d.text("card_announcement.head", common)), d.lastUpdate()},
	}, true
}

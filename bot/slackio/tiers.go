package slackio

import (
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// Slack limits each method, for each app in each workspace, by a tier: Tier 1
// "1+ per minute", Tier 2 "20+", Tier 3 "50+", Tier 4 "100+", with "small bursts"
// allowed (docs.slack.dev, rate limits). The interval is the tier's floor, so that
// what has gathered while Slack was down goes out no slower than Slack promises to
// take it; the burst comes on top, once after a pause, and is small: a fifth of the
// minute's figure or less. Should Slack find it too much, it says so and is obeyed.
var (
	tier1 = tier{interval: time.Minute, burst: 1}
	tier2 = tier{interval: 3 * time.Second, burst: 4}
	tier3 = tier{interval: 1200 * time.Millisecond, burst: 10}
	tier4 = tier{interval: 600 * time.Millisecond, burst: 20}
	// posting is what the workspace takes of chat.postMessage: "several hundred per minute".
	posting = tier{interval: 250 * time.Millisecond, burst: 20}
	// perChannel: chat.postMessage takes about one message a second in a channel, and tolerates bursts.
	perChannel = tier{interval: time.Second, burst: 3}
)

type tier struct {
	interval time.Duration
	burst    int
}

// methods are the methods that are called, each with its tier.
var methods = map[string]tier{
	"auth.test":                     tier4, // "hundreds per minute"
	"bookmarks.add":                 tier2,
	"bookmarks.edit":                tier2,
	"bookmarks.list":                tier3,
	"calls.add":                     tier3,
	"calls.end":                     tier3,
	"canvases.edit":                 tier3,
	"chat.postEphemeral":            tier4,
	"chat.postMessage":              posting,
	"chat.update":                   tier3,
	"conversations.archive":         tier2,
	"conversations.canvases.create": tier2,
	"conversations.create":          tier2,
	"conversations.history":         tier3,
	"conversations.info":            tier3,
	"conversations.invite":          tier3,
	"conversations.list":            tier2,
	"conversations.open":            tier3,
	"conversations.replies":         tier3,
	"conversations.setPurpose":      tier2,
	"conversations.setTopic":        tier2,
	"files.completeUploadExternal":  tier4,
	"files.getUploadURLExternal":    tier4,
	"files.info":                    tier4,
	"pins.add":                      tier2,
	"reactions.get":                 tier3,
	"users.info":                    tier4,
	"users.list":                    tier2,
	"views.open":                    tier4,
	"views.publish":                 tier4,
	"views.update":                  tier4,
}

// buckets are the limits that a call of a method in a channel takes from.
func buckets(method, channel string) []outbound.Bucket {
	t, ok := methods[method]
	if !ok {
		return nil // a response URL, an upload's bytes: their own limits are counted by nobody
	}
	list := []outbound.Bucket{{Name: "slack:" + method, Interval: t.interval, Burst: t.burst}}
	if method == "chat.postMessage" && channel != "" {
		list = append(list, outbound.Bucket{
			Name: "slack:" + method + ":" + channel, Interval: perChannel.interval, Burst: perChannel.burst,
		})
	}
	return list
}

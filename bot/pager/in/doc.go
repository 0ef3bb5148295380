// Package pagerin takes PagerDuty's webhooks (version 3) in.
//
// A webhook carries no timestamp in its signature, so there is no window after
// which a replay is stale: what keeps one from doing harm is that every event's
// id is remembered for ever. Trouble of our own is answered 503 and sent again
// for two days; any other refusal is final, and three in a row silence the
// subscription for a day. So what PagerDuty signed is always taken, understood
// or not.
package pagerin

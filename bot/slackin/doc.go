// Package slackin takes Slack's requests in, over HTTP and over Socket Mode.
//
// Nothing is parsed before the signature is checked. Both ways in make the same
// bot.Request of the same payload, with the same delivery id, so that a request
// that arrives twice, or on both ways, is one request.
package slackin

// Package slackio carries outbound steps out in Slack. It is the only outbound
// user of Slack's Web API.
//
// Every call takes one path (call.go): the breaker and the rate limits are asked
// first, the call has a timeout of its own, and whatever comes back is sorted
// into one of four ends (outcome.go). Every message takes one path too (send.go):
// it is fitted to Slack's limits and checked (limits.go, fit.go) before it leaves.
// A step that may be carried out twice looks before it repeats; how, stands at
// the step and in docs/ARCHITECTURE.md.
package slackio

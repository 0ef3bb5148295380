// Package outbound holds what the workers and whoever reaches the other side tell
// each other: which step, about what, and how it ended.
//
// It has no behaviour. Workers (bot/jobs) decide when a step is taken and what
// follows from its end; adapters (bot/slackio) know the other side's methods.
// Neither knows the other.
package outbound

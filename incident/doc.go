// Package incident decides what a command does to an incident, and folds the
// events that were decided back into the incident's state.
//
// It is the domain and it is pure: no clock, no randomness, no IO, no logging.
// An incident is an append-only list of events; Decide turns one command into
// events, effects and due times; Apply folds an event into the state. One file
// holds one verb: its command, its rule, its events.
//
// Nothing here words an answer: a decision names a text (Say) and its
// arguments, and the edge that talks to the person renders it. Only the lines
// of the timeline are worded here, because the timeline is the log read aloud.
package incident

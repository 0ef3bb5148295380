// Package api is the way in for programs: JSON over HTTP below /api/v1.
//
// The token is checked before anything else of a request is looked at. One table
// (routes.go) leads requests to what answers them, and the OpenAPI document is made
// from it. Reading asks the store for what is not private; every change goes
// through the one door that people use (bot.Service), as a line of the same grammar.
//
// A private incident does not exist here: not in a list, not by its key, not in the
// words of an answer, and none is opened. Every error is
// {"error":{"code","message"}}, and its message says what to do next.
package api

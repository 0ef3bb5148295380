// Package page serves the playground's chat workspace to a browser: what a person sees in the stand-in of Slack, and their
// hands in it.
//
// The page itself is a few static files. It asks for the state of one person (GET /api/state), is told by server-sent
// events when that changed (GET /api/events), and acts by POST /api/act/… . Everything goes through the stand-ins: the
// page never talks to the bot. It answers on the loopback interface only, to requests that its own pages made.
package page

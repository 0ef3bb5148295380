// Package rfo turns an incident into its RFO, the reason for outage: the
// document that every resolved incident ends in.
//
// It is pure: no clock, no randomness, no IO. Build reads the folded incident
// and its log into a Document, which is data; Markdown, HTML and JSON are views
// of it, the first two laid out by the files of templates/rfo. The same events
// give the same bytes. Check reads a Document the way a strict colleague would,
// and Customer picks from it what a customer may read.
//
// Two rules hold everywhere. A figure that cannot be computed is said to be
// missing, with the moment that nobody recorded; it is never guessed, never zero
// and never negative. And what a person typed is text: no view lets it become a
// heading, a link, a mention, a table or markup.
package rfo

// Package grammar reads the words of /incident: it normalises a line once, walks
// it word by word, and decodes the small forms that commands are made of (people,
// keys, ids, times, dates, quantities, names). It is deterministic and pure: the
// present and the zone are arguments, nothing is looked up, nothing is guessed.
//
// # Plain text
//
// Every text that leaves this package is plain text in which a person is the mark
// <@ID>, and in which the two characters "<@" occur nowhere else: where somebody
// typed them they are kept apart as "< @". So a mark needs no escaping, survives
// being cut, joined and stored, and can never be forged by typing. Everything else
// is as typed, "<", "&" and "*" included; whoever shows a text escapes it for the
// place where it is shown.
//
// There are three ways in, one for each kind of source: Normalise for what Slack
// has escaped (commands, messages), Typed for what nobody has escaped (modal
// fields, a terminal, the HTTP API), Marked for plain text of this package.
//
// # Decoders
//
// A decoder takes a Line (or one Word) and answers with the value and the line
// after it. When the line does not begin with such a form, it answers with the zero
// value and the line as it was, so that a caller may read the words as text. An
// error is a *Problem: the form is there but is refused, with a sentence for the
// person. A comma or colon right after a form ("T2: duplicate") belongs to neither
// the form nor what follows.
package grammar

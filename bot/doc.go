// Package bot is the conversation: it turns what a person said into one command
// of the domain, has it decided and stored, and words the answer.
//
// Service.Handle is the one door for people, Service.Do the one for clocks and
// workers. The command table (table.go) holds one row a subcommand; each row
// stands in a file of its verb's stem, and help, "did you mean" and
// docs/commands.md are made from it. Nothing in an answer waits for a network.
//
// Most files here are verbs. The machinery that they share, in the order in
// which a request passes through it:
//
//   - request.go, happening.go: what came in, and what goes back
//   - door.go: Service, the doors
//   - table.go, rows.go: from words to a row; readings.go: what else they may mean
//   - invocation.go, target.go, args.go: who speaks, about which incident, the arguments
//   - change.go, commit.go: a subcommand that changes something, in one transaction
//   - show.go: one that only shows something
//   - answer.go: the words and buttons of the answer, and remembering it
//   - observe.go: what happened in Slack that nobody said to Rollcall
//
// An Invocation is one subcommand under way; a call is what people join (incident.Call).
package bot

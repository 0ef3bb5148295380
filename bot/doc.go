// Package bot is the conversation: it turns what a person said into one command
// of the domain, has it decided and stored, and words the answer.
//
// Service.Handle is the one door for people, Service.Do the one for clocks and
// workers. The command table (table.go) holds one row a subcommand; each row
// stands in a file of its verb's stem, and help, "did you mean" and
// docs/commands.md are made from it. Nothing in an answer waits for a network.
package bot

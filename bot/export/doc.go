// Package export brings published RFOs to places outside of Slack: a signed webhook,
// a git repository, and GitHub's issues for the actions.
//
// Each exporter finds out by itself whether an attempt whose reply was lost has
// succeeded: a receiver is given the same key again, a repository is asked for its
// state, issues are searched for a mark. Tokens and secrets stand in no argument
// of a program, no address, no log and no error.
package export

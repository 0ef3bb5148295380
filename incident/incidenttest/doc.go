// Package incidenttest builds incidents for tests the only way there is: by
// running commands on a clock that the test moves.
//
// Every step is checked against what holds for all verbs: Decide changes
// nothing, events survive storage, and folding one by one or all at once, or
// restoring a snapshot, gives the same state.
package incidenttest

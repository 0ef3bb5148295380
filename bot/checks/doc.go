// Package checks looks at web addresses regularly, and raises an alarm when one
// does not answer as it should.
//
// It is for teams without a monitor of their own. Where a check stands is a row, so
// that a restart forgets nothing, and moving its next time on is what decides which
// replica runs it. What an alarm leads to is for the rules to say, as of any other.
package checks

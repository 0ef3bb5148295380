// Package jobs carries out, after the commit, what decisions lead to: it says
// which job calls which adapter, when, and what happens when that fails.
//
// The work itself stands in rows of storage (effects, cards, due moments); a
// River job only names where to look. One worker at a time drains an incident
// (drain.go): urgent steps first, then the ordinary ones in order, then the cards
// that are out of date, each as the incident is at that moment. Nothing is
// carried out without its row having been marked first, so that whoever goes on
// after a crash knows what may have happened.
package jobs

// Package statuspage brings texts that somebody published onto a public page at
// Atlassian Statuspage: as an incident there, its updates, and the states of the
// page's components.
//
// It is the only user of Statuspage's API. Every error is an *outbound.Failure.
// What the page already has is found by the metadata that each notice carries, so
// that one whose reply was lost is not published twice. Source: Statuspage's
// reference of its REST API, v1 (developer.statuspage.io), read in November 2026.
package statuspage

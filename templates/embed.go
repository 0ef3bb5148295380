// Package templates holds the texts and pages that Rollcall shows, as files.
package templates

import "embed"

// Files are the templates built into the program: message/ is what Rollcall
// says in Slack and on the command line, rfo/ lays out the document, html/ the
// pages, and static/ is their style and scripts.
//
//go:embed message rfo html static
var Files embed.FS

package main

import (
	"fmt"
	"io"
	"strings"
)

// describes are the designs in words, for people.
var describes = map[string]string{
	bareHTTP:       "bare net/http",
	bareSigned:     "and the signature is checked",
	bareInsert:     "and the line is stored, a commit for each request",
	bareGroup:      "the line and a job are stored, whoever waits shares a commit",
	designRollcall: "**Rollcall**, all of it",
	designBefore:   "another build of Rollcall",
	designHealthy:  "Rollcall with a Slack that answers",
	designOne:      "Rollcall with one incident open",
	designBolt:     "Bolt for JavaScript and better-sqlite3, a commit for each request",
}

// table prints the report in Markdown.
func (out *report) table(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; %d rounds of %s each; %d open incidents; %.0f syncs of 4 KiB a second", out.Machine, out.Rounds, out.Each, out.Open, out.Syncs)
	if out.Slow != "" {
		fmt.Fprintf(&b, "; %s added to each sync", out.Slow)
	}
	b.WriteString("\n\n| design | at once | requests/s | p50 ms | p99 ms | p99.9 ms | CPU µs a request |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, f := range out.Designs {
		fmt.Fprintf(&b, "| %s | %d | %.0f | %.2f | %.2f | %.2f | %.0f |\n", describes[f.Design], f.Callers, f.Rate, f.P50, f.P99, f.P999, f.Cost)
	}
	b.WriteString("\n| Rollcall's | against | at once | median | least | most |\n|---|---|---:|---:|---:|---:|\n")
	for _, r := range out.Ratios {
		fmt.Fprintf(&b, "| %s | %s | %d | %.2f | %.2f | %.2f |\n", r.Of, r.To, r.Callers, r.Median, r.Least, r.Most)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// api sends a request as a program does: the token's variable ("none" for no token),
// method, path, and where they are needed a body and headers such as
// Idempotency-Key:7. It prints status and body.
func (s *stage) api(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) >= 3 && s.server != nil, "api TOKEN-VARIABLE METHOD PATH [BODY [HEADER:VALUE…]]")
	header, body := http.Header{}, ""
	if args[0] != "none" {
		header.Set("Authorization", "Bearer "+ts.Getenv(args[0]))
	}
	if len(args) > 3 {
		body = args[3]
		header.Set("Content-Type", "application/json")
	}
	for _, one := range args[min(4, len(args)):] {
		name, value, _ := strings.Cut(one, ":")
		header.Set(name, value)
	}
	status, answer, err := fetch(s.ctx, args[1], s.server.base+args[2], header, strings.NewReader(body))
	ts.Check(err)
	_, _ = fmt.Fprintf(ts.Stdout(), "%d\n%s\n", status, answer)
}

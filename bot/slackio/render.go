package slackio

import "github.com/rollcall-bot/rollcall/bot/outbound"

// Render lays an answer out as the body of the response to the request that asked
// for it: only whoever asked sees it.
func Render(r outbound.Reply) ([]byte, error) {
	m := Fit(answered(r))
	if err := Check(m); err != nil {
		return nil, err
	}
	return body(m, false)
}

package slackio

import (
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/bot/say"
)

// Render lays an answer out as the body of the response to the request that asked
// for it, which only whoever asked sees, and adds that to what is in to.
func Render(to []byte, r outbound.Reply) ([]byte, error) {
	if len(r.Buttons) == 0 && fitsAsItIs(r.Text) {
		return paragraph(to, r.Text), nil
	}
	m := Fit(answered(r))
	if err := Check(m); err != nil {
		return to, err
	}
	content, err := body(m, false)
	return append(to, content...), err
}

// fitsAsItIs says of a text that Fit changes nothing about it, as a message of its own.
func fitsAsItIs(text string) bool {
	return !blank(text) && utf8.ValidString(text) && length(text) <= maxSection
}

// paragraph is what body makes of an answer that is nothing but a text, as most are,
// byte for byte: somebody waits for it, and it needs no looking at types.
func paragraph(to []byte, text string) []byte {
	to = append(to, `{"response_type":"ephemeral","replace_original":false,"unfurl_links":false,"unfurl_media":false,"text":`...)
	from := len(to)
	to = say.JSON(to, text)
	said := to[from:]
	to = append(to, `,"blocks":[{"type":"section","text":{"type":"mrkdwn","text":`...)
	to = append(to, said...)
	return append(to, `,"verbatim":true}}]}`...)
}

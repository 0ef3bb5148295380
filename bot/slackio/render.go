package slackio

import (
	"unicode/utf8"

	"github.com/rollcall-bot/rollcall/bot/outbound"
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
	to = quoted(to, text)
	said := to[from:]
	to = append(to, `,"blocks":[{"type":"section","text":{"type":"mrkdwn","text":`...)
	to = append(to, said...)
	return append(to, `,"verbatim":true}}]}`...)
}

const hexDigits = "0123456789abcdef"

// quoted adds valid UTF-8 as a JSON string, as encoding/json writes it.
func quoted(to []byte, text string) []byte {
	to = append(to, '"')
	done := 0 // of text, that is in to
	for at, r := range text {
		var short byte
		switch {
		case r == '"' || r == '\\':
			short = byte(r)
		case r == '\b':
			short = 'b'
		case r == '\f':
			short = 'f'
		case r == '\n':
			short = 'n'
		case r == '\r':
			short = 'r'
		case r == '\t':
			short = 't'
		case r < ' ' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029':
		default:
			continue
		}
		to = append(to, text[done:at]...)
		done = at + utf8.RuneLen(r)
		if short != 0 {
			to = append(to, '\\', short)
		} else {
			to = append(to, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
		}
	}
	return append(append(to, text[done:]...), '"')
}

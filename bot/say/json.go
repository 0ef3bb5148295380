package say

import (
	"encoding/json"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// JSON adds a text to what is in to as encoding/json writes a string. Broken UTF-8 is
// left to encoding/json itself.
func JSON(to []byte, text string) []byte {
	if !utf8.ValidString(text) {
		quoted, _ := json.Marshal(text) // a string can always be written
		return append(to, quoted...)
	}
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

package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/storage"
)

const (
	maxBody  = 1 << 20 // bytes
	keyLimit = 255     // characters of an Idempotency-Key
)

// receive reads the body into a value; what is wrong with it is answered.
func (c *call) receive(into any) (d bot.Delivery, ok bool) {
	if !c.params() {
		return d, false
	}
	if kind, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		fail(c, http.StatusUnsupportedMediaType, "media_type", "Send JSON, with the header `Content-Type: application/json`.")
		return d, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c, c.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		fail(c, http.StatusRequestEntityTooLarge, "too_large", "The body is larger than 1 MiB: send less.")
		return d, false
	case err != nil:
		fail(c, http.StatusBadRequest, "bad_body", "The body did not arrive whole: send it again.")
		return d, false
	}
	if why := decode(body, into); why != "" {
		fail(c, http.StatusBadRequest, "bad_body", why)
		return d, false
	}
	return c.delivery(into)
}

// decode reads one JSON object with known fields only; why says what is wrong.
func decode(body []byte, into any) (why string) {
	const look = "; GET " + base + "/openapi.json shows what it takes."
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 || trimmed[0] != '{' {
		return "The body is no JSON object" + look
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var field *json.UnmarshalTypeError
	switch {
	case errors.Is(err, errSeverity):
		return "The field severity is a number from 1 (the gravest) to 4, or sev1 to sev4."
	case errors.As(err, &field) && field.Field != "":
		return "The field " + field.Field + " has a value of another kind than it takes" + look
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return "There is no field " + strings.TrimPrefix(err.Error(), "json: unknown field ") + look
	case err != nil:
		return "The body is not JSON" + look
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "Something stands behind the JSON object: send one object and nothing else."
	}
	return ""
}

// delivery names the request by its Idempotency-Key, where it has one.
func (c *call) delivery(body any) (d bot.Delivery, ok bool) {
	values := c.Request.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return d, true
	}
	key := values[0]
	printable := strings.IndexFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) < 0
	if len(values) > 1 || key == "" || len(key) > keyLimit || !printable {
		fail(c, http.StatusBadRequest, "bad_key", "The header Idempotency-Key holds 1 to 255 printable ASCII characters, once, such as a UUID.")
		return d, false
	}
	canonical, err := json.Marshal(body)
	if err != nil { // it has just been decoded
		canonical = nil
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s\n%s", c.Method, strings.ToLower(c.URL.Path), canonical))
	return bot.Delivery{Source: storage.SourceAPI, ID: key, Print: hex.EncodeToString(sum[:16])}, true
}

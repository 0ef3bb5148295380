package alerts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// Path leads to a value in a JSON document: keys and places of lists, the outermost
// first. None for a value that is not asked for.
type Path []string

// Whole is the path of the document itself, which no text spells.
var Whole = Path{""}

// ErrPath says that a text is no path.
var ErrPath = errors.New("is no path: write keys with dots between them (monitor.name, items.0.id), or a JSON pointer (/monitor/name)")

// maxPath bounds how deep a path leads.
const maxPath = 20

// ParsePath reads keys with dots between them, or a JSON pointer (RFC 6901) for
// keys that have dots.
func ParsePath(text string) (Path, error) {
	sep, escapes := ".", strings.NewReplacer()
	if rest, ok := strings.CutPrefix(text, "/"); ok {
		text, sep, escapes = rest, "/", strings.NewReplacer("~1", "/", "~0", "~")
	}
	var p Path
	for part := range strings.SplitSeq(text, sep) {
		part = escapes.Replace(part)
		if part == "" || strings.ContainsAny(part, " \t") && sep == "." {
			return nil, ErrPath
		}
		p = append(p, part)
	}
	if len(p) > maxPath {
		return nil, ErrPath
	}
	return p, nil
}

// in follows the path; nil when it leads nowhere.
func (p Path) in(value any) any {
	switch {
	case len(p) == 0:
		return nil
	case slices.Equal(p, Whole):
		return value
	}
	for _, key := range p {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			n, err := strconv.Atoi(key)
			if err != nil || n < 0 || n >= len(v) {
				return nil
			}
			value = v[n]
		default:
			return nil
		}
	}
	return value
}

// text is the value as a word: a string, a number or yes and no.
func (p Path) text(value any) string {
	switch v := p.in(value).(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// time is the value as a time: RFC 3339, or seconds or milliseconds since 1970.
func (p Path) time(value any) (time.Time, error) {
	text := p.text(value)
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n < 1 || n > 1e14 {
		return time.Time{}, fmt.Errorf("%w: %q is no time", errShape, shortened(text))
	}
	if n >= 1e11 { // seconds would be the year 5138
		n /= 1000
	}
	seconds, part := math.Modf(n)
	return time.Unix(int64(seconds), int64(part*1e9)).UTC().Truncate(time.Millisecond), nil
}

// Fields say where a generic body tells what.
type Fields struct {
	Each        Path // of a list of alerts, Whole when the body is one; none when the body is one alert
	Fingerprint Path // what the alarm is known by
	State       Path
	Firing      []string // values of State, whatever their case
	Resolved    []string
	Title       Path
	Service     Path
	Severity    Path
	Priority    Path
	Time        Path // of what State says
	StartedAt   Path
	URL         Path
}

// plain are the fields of the document in docs/alerts.md.
var plain = Fields{
	Fingerprint: Path{"id"}, State: Path{"state"}, Firing: []string{"firing"}, Resolved: []string{"resolved"}, Title: Path{"title"},
	Service: Path{"service"}, Severity: Path{"severity"}, Priority: Path{"priority"}, Time: Path{"time"}, StartedAt: Path{"started_at"}, URL: Path{"url"},
}

// maxEach bounds how many alerts one body may hold.
const maxEach = 1000

// generic reads a body by the fields of its source.
func generic(m message) (list []told, bad, err error) {
	f := plain
	if m.Fields != nil {
		f = *m.Fields
	}
	var body any
	d := json.NewDecoder(bytes.NewReader(m.body))
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errShape, err)
	}
	if d.More() {
		return nil, nil, fmt.Errorf("%w: something follows the JSON document", errShape)
	}
	all := []any{body}
	if len(f.Each) > 0 {
		var ok bool
		if all, ok = f.Each.in(body).([]any); !ok || len(all) > maxEach {
			return nil, nil, fmt.Errorf("%w: there is no list of alerts, or one of more than %d", errShape, maxEach)
		}
	}
	for n, one := range all {
		t, err := f.read(one, m)
		if err == nil {
			list = append(list, t)
			continue
		}
		if bad == nil {
			bad = err
			if len(f.Each) > 0 {
				bad = fmt.Errorf("alert %d: %w", n, err)
			}
		}
	}
	if len(list) == 0 && bad != nil {
		return nil, nil, bad
	}
	return list, bad, nil
}

func (f Fields) read(one any, m message) (told, error) {
	id, state := f.Fingerprint.text(one), f.State.text(one)
	if id == "" {
		return told{}, fmt.Errorf("%w: there is nothing at %s", errShape, strings.Join(f.Fingerprint, "."))
	}
	at, err := f.Time.time(one)
	if err != nil {
		return told{}, err
	}
	began, err := f.StartedAt.time(one)
	if err != nil {
		return told{}, err
	}
	t := told{recurs: true, report: incident.AlarmReport{
		Ref: incident.AlarmRef{Source: m.Name, ID: id}, Kind: incident.AlarmTriggered, Began: began,
		Facts: incident.AlarmFacts{
			Title: first(f.Title.text(one), id), Service: f.Service.text(one), Urgency: f.Severity.text(one), Priority: f.Priority.text(one), URL: f.URL.text(one),
		},
	}}
	switch {
	case among(f.Firing, state):
		t.began(latest(at, began), m.now)
	case among(f.Resolved, state):
		t.ends(at, m.now)
	default:
		return told{}, fmt.Errorf("%w: %q at %s is neither firing nor resolved", errShape, shortened(state), strings.Join(f.State, "."))
	}
	return t, nil
}

func among(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// shortened keeps a foreign word short where it is quoted.
func shortened(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

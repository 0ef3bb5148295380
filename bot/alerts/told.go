package alerts

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/alarm"
	"github.com/rollcall-bot/rollcall/incident"
)

// message is what a monitor sent, once it is known to be from there.
type message struct {
	Source

	header http.Header
	body   []byte
	now    time.Time
}

// told is one alert of a message.
type told struct {
	report  incident.AlarmReport
	recurs  bool   // its id comes back with the next outage
	once    string // names what was told, so that it counts once; "" when nothing does
	undated bool   // the report's time is when it came
}

// decoders read each kind's messages. bad is what is wrong with the first alert of
// a message that cannot be read while others can; err, with the message.
var decoders = map[Kind]func(message) (list []told, bad, err error){
	Alertmanager: group,
	Grafana:      group,
	Sentry:       sentry,
	Generic:      generic,
}

// untimed is what the timeline says of an end that has no time of its own.
const untimed = "the monitor gave no time; this is when it told us"

// began makes the report one of what goes off since a time; without one, since now.
func (t *told) began(at, now time.Time) {
	t.report.At = at.UTC()
	if at.IsZero() {
		t.report.At, t.undated = now.UTC(), true
	}
	if t.report.Began.IsZero() {
		t.report.Began = t.report.At
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// ends makes the report one of an end. Without a usable time it ended when the
// message came.
func (t *told) ends(at, now time.Time) {
	t.report.Kind, t.report.At = incident.AlarmResolved, at.UTC()
	if at.IsZero() || at.Before(t.report.Began) {
		t.report.At, t.report.Text, t.undated = now.UTC(), untimed, true
	}
}

// alarm is what the intake is told.
func (t told) alarm() alarm.Alarm {
	a := alarm.Alarm{Report: t.report, Recurs: t.recurs}
	once := t.once
	switch {
	case once != "":
	case !t.undated:
		once = t.report.At.UTC().Format(time.RFC3339Nano)
	case t.recurs:
		return a // only where the alarm stands tells whether this is new
	}
	sum := sha256.Sum256([]byte(t.report.Ref.ID + "\x00" + string(t.report.Kind) + "\x00" + once))
	a.Deliveries = []bot.Delivery{{Source: "alert." + t.report.Ref.Source, ID: hex.EncodeToString(sum[:])}}
	return a
}

// errShape says that a body is not what its source documents.
var errShape = errors.New("this is not the payload that this source documents")

// first is the first word that is there.
func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

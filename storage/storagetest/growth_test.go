package storagetest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"text/template"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
	"github.com/rollcall-bot/rollcall/storage"
)

// eachIncident is how many events an incident of BenchmarkGrowth has.
const eachIncident = 500

// BenchmarkGrowth measures how the cost of what people do grows with the log:
// storing a line, reading a timeline of 500, and the list of what is open. Making
// the largest log takes a minute or two.
func BenchmarkGrowth(b *testing.B) {
	for _, events := range []int{10_000, 100_000, 1_000_000} {
		fx := SQLite(b)
		var ana incident.PersonID
		fx.MustWrite(func(tx *storage.Tx) (err error) {
			ana, err = tx.UpsertPerson(storage.Person{SlackID: "U1", Name: "Ana"})
			return err
		})
		for n := range events / eachIncident {
			fx.filled(n, ana)
		}
		b.Run(fmt.Sprintf("events=%d/store", events), func(b *testing.B) {
			var took []time.Duration
			var n int64
			for b.Loop() {
				began := time.Now()
				n++
				if err := fx.Write(b.Context(), command(fx, ana, int64(events)+n, nil)); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		})
		b.Run(fmt.Sprintf("events=%d/timeline", events), func(b *testing.B) {
			for b.Loop() {
				fx.MustRead(func(r *storage.Reader) error {
					log, err := r.RawRecords("i0", 1)
					if err == nil && len(log) < eachIncident {
						b.Fatalf("%d lines", len(log))
					}
					return err
				})
			}
		})
		b.Run(fmt.Sprintf("events=%d/open", events), func(b *testing.B) {
			for b.Loop() {
				fx.MustRead(func(r *storage.Reader) error {
					list, err := r.VisibleOpen(ana)
					if err == nil && len(list) != benchIncidents {
						b.Fatalf("%d open", len(list))
					}
					return err
				})
			}
		})
	}
}

// filled stores an incident with its lines at once; all but the first few are over.
func (fx *Fixture) filled(n int, by incident.PersonID) {
	id := incident.ID(fmt.Sprint("i", n))
	fx.opened(id)
	events := make([]incident.Event, 0, eachIncident)
	for range eachIncident - 2 {
		events = append(events, incident.Noted{Text: "rolled back the payments service, errors are going down"})
	}
	if n >= benchIncidents {
		events = append(events, incident.WasResolved{})
	}
	fx.MustWrite(func(tx *storage.Tx) error {
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		stamp := fx.stamp(n)
		stamp.Actor = by
		_, err = tx.Append(inc, stamp, events)
		return err
	})
}

// BenchmarkDocument holds the RFO of an incident with 10,000 lines against what
// reading them and printing them with a plain template costs.
func BenchmarkDocument(b *testing.B) {
	const lines = 10_000
	fx := SQLite(b)
	fx.opened("i1")
	fx.MustWrite(func(tx *storage.Tx) error {
		inc, err := tx.RawIncident("i1")
		if err != nil {
			return err
		}
		events := make([]incident.Event, 0, lines)
		for n := range lines {
			events = append(events, incident.Noted{Text: fmt.Sprint("rolled back the payments service, errors are going down ", n)})
		}
		_, err = tx.Append(inc, fx.stamp(1), events)
		return err
	})
	plain := template.Must(template.New("plain").Parse("{{range .}}| {{.At}} | {{.Event.Text}} |\n{{end}}"))
	read := func(do func(*incident.Incident, []incident.Record) error) {
		fx.MustRead(func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err != nil {
				return err
			}
			log, err := r.RawRecords("i1", 2)
			if err != nil {
				return err
			}
			return do(inc, log)
		})
	}
	var bare, whole time.Duration
	for b.Loop() {
		began := time.Now()
		read(func(_ *incident.Incident, log []incident.Record) error { return plain.Execute(&bytes.Buffer{}, log) })
		between := time.Now()
		read(func(inc *incident.Incident, log []incident.Record) error {
			if doc := rfo.Markdown(rfo.Build(inc, log, incidenttest.Names{}, rfo.Options{})); len(doc) == 0 {
				b.Fatal("nothing is printed")
			}
			return nil
		})
		bare, whole = bare+between.Sub(began), whole+time.Since(between)
	}
	b.ReportMetric(bare.Seconds()*1e3/float64(b.N), "plain-ms")
	b.ReportMetric(whole.Seconds()*1e3/float64(b.N), "rfo-ms")
	b.ReportMetric(whole.Seconds()/bare.Seconds(), "ratio")
}

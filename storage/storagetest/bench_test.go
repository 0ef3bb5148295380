package storagetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// BenchmarkAppend stores whole commands, as many at once as the name says: the
// delivery is looked up and saved, the actor and the incident are read, an event
// is appended, a card is touched, the dues are compared, a worker is woken.
func BenchmarkAppend(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *Fixture{"sqlite": SQLite, "postgres": Postgres} {
		for _, callers := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%s/c=%d", name, callers), func(b *testing.B) {
				benchmarkAppend(b, open(b), callers)
			})
		}
	}
}

const benchIncidents = 20

func benchmarkAppend(b *testing.B, fx *Fixture, callers int) {
	var ana incident.PersonID
	fx.MustWrite(func(tx *storage.Tx) (err error) {
		ana, err = tx.UpsertPerson(storage.Person{SlackID: "U1", Name: "Ana"})
		return err
	})
	for i := range benchIncidents {
		fx.opened(incident.ID(fmt.Sprint("i", i)))
	}
	dues := []incident.Due{{Kind: "leader.ask", At: Start}, {Kind: "update", At: Start}}
	var n atomic.Int64
	before := fx.Stats()
	b.ResetTimer()
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
				if err := fx.Write(b.Context(), command(fx, ana, i, dues)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.StopTimer()
	after := fx.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
	b.ReportMetric(float64(after.Writes-before.Writes)/float64(after.Commits-before.Commits), "commands/commit")
}

// command is all that one noted line does to the store.
func command(fx *Fixture, ana incident.PersonID, i int64, dues []incident.Due) func(*storage.Tx) error {
	id := incident.ID(fmt.Sprint("i", i%benchIncidents))
	trigger := fmt.Sprint("trigger-", i)
	return func(tx *storage.Tx) error {
		if _, _, err := tx.Delivery("slack.command", trigger); err != nil {
			return err
		}
		if _, err := tx.Person(ana); err != nil {
			return err
		}
		inc, err := tx.RawIncident(id)
		if err != nil {
			return err
		}
		log, err := tx.Append(inc, fx.stamp(int(i)), []incident.Event{incident.Noted{Text: "rolled back the payments service, errors are going down"}})
		if err != nil {
			return err
		}
		if err := tx.TouchCards(id, []incident.Card{incident.SummaryCard}); err != nil {
			return err
		}
		if err := tx.SetDues(id, dues); err != nil {
			return err
		}
		if err := tx.Wake(id, look{string(id)}, nil); err != nil {
			return err
		}
		return tx.SaveDelivery(storage.Delivery{
			Source: "slack.command", ID: trigger, Incident: id, FirstSeq: log[0].Seq, Actor: ana, Answer: "noted", At: fx.Now.Time(),
		})
	}
}

// BenchmarkRead folds an incident for a reader whose cache is up to date.
func BenchmarkRead(b *testing.B) {
	fx := SQLite(b)
	fx.opened("i1")
	for b.Loop() {
		fx.MustRead(func(r *storage.Reader) error {
			_, err := r.RawIncident("i1")
			return err
		})
	}
}

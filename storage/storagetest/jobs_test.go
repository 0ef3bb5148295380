package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

// look is a job.
type look struct {
	Incident string `json:"incident"`
}

func (look) Kind() string { return "look" }

// lookout works look jobs and says which.
type lookout struct {
	river.WorkerDefaults[look]
	seen chan string
}

func (w *lookout) Work(_ context.Context, job *river.Job[look]) error {
	w.seen <- job.Args.Incident
	return nil
}

// work starts workers, which are for jobs of some kinds, and returns what they were woken for.
func (fx *Fixture) work(kinds ...string) <-chan string {
	fx.t.Helper()
	w := &lookout{seen: make(chan string, 100)}
	workers := river.NewWorkers()
	river.AddWorker(workers, w)
	stop, err := fx.StartJobs(fx.t.Context(), workers, map[string]int{river.QueueDefault: 4}, kinds...)
	if err != nil {
		fx.t.Fatal(err)
	}
	var once sync.Once
	fx.t.Cleanup(func() {
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), Patience)
			defer cancel()
			if err := stop(ctx); err != nil {
				fx.t.Errorf("stop the workers: %v", err)
			}
		})
	})
	return w.seen
}

// next waits for a job.
func next(t *testing.T, seen <-chan string) string {
	t.Helper()
	select {
	case s := <-seen:
		return s
	case <-time.After(Patience):
		t.Fatal("no job came")
		return ""
	}
}

func TestAJobIsWorkedAfterTheCommit(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		seen := fx.work()
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Enqueue(look{"i1"}, nil) })
		if got := next(t, seen); got != "i1" {
			t.Errorf("got %q", got)
		}
	})
}

func TestAJobAndItsEventAreOne(t *testing.T) {
	boom := errors.New("boom")
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		errs := fx.together(4, func(i int, tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			if _, err := tx.Append(inc, fx.stamp(i), []incident.Event{incident.Noted{Text: fmt.Sprint(i)}}); err != nil {
				return err
			}
			if err := tx.Enqueue(look{fmt.Sprint(i)}, nil); err != nil {
				return err
			}
			if i%2 == 1 {
				return boom
			}
			return nil
		})
		for i, err := range errs {
			if (i%2 == 1) != errors.Is(err, boom) {
				t.Errorf("write %d: %v", i, err)
			}
		}
		// A job that River refuses fails the commit of everything it shares it with.
		err := fx.Write(t.Context(), func(tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			if _, err := tx.Append(inc, fx.stamp(9), []incident.Event{incident.Noted{Text: "9"}}); err != nil {
				return err
			}
			return tx.Enqueue(look{"9"}, &river.InsertOpts{Queue: "no such name!"})
		})
		if err == nil {
			t.Error("a job with an impossible queue was taken")
		}
		var notes, jobs []string
		fx.MustRead(func(r *storage.Reader) error {
			log, err := r.RawRecords("i1", 2)
			for _, rec := range log {
				notes = append(notes, rec.Event.(incident.Noted).Text)
			}
			return err
		})
		seen := fx.work()
		for range notes {
			jobs = append(jobs, next(t, seen))
		}
		slices.Sort(notes)
		slices.Sort(jobs)
		if !slices.Equal(notes, []string{"0", "2"}) || !slices.Equal(jobs, notes) {
			t.Errorf("events %v, jobs %v", notes, jobs)
		}
		if len(seen) != 0 {
			t.Errorf("one more job: %s", <-seen)
		}
	})
}

func TestEqualJobsOfABatchAreOne(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		errs := fx.together(10, func(i int, tx *storage.Tx) error { return tx.Enqueue(look{fmt.Sprint(i % 2)}, nil) })
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		seen := fx.work()
		got := []string{next(t, seen), next(t, seen)}
		slices.Sort(got)
		// A third one, written last, is worked last.
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Enqueue(look{"last"}, nil) })
		if last := next(t, seen); !slices.Equal(got, []string{"0", "1"}) || last != "last" {
			t.Errorf("got %v, then %s", got, last)
		}
	})
}

// TestACommitThatFailsIsReplayedOneByOne spoils what a batch shares: the one to
// blame fails, and nobody else.
func TestACommitThatFailsIsReplayedOneByOne(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.opened("i1")
		errs := fx.together(6, func(i int, tx *storage.Tx) error {
			inc, err := tx.RawIncident("i1")
			if err != nil {
				return err
			}
			if _, err := tx.Append(inc, fx.stamp(i), notes(fmt.Sprint(i))); err != nil {
				return err
			}
			if i == 3 {
				return tx.Enqueue(look{"3"}, &river.InsertOpts{Queue: "no such name!"})
			}
			return tx.Enqueue(look{fmt.Sprint(i)}, nil)
		})
		for i, err := range errs {
			if (err != nil) != (i == 3) {
				t.Errorf("write %d: %v", i, err)
			}
		}
		if got := fx.Stats().Replays; got != 1 {
			t.Errorf("%d replays, want 1", got)
		}
		fx.MustRead(func(r *storage.Reader) error {
			inc, err := r.RawIncident("i1")
			if err == nil && inc.Head != 6 {
				t.Errorf("head %d, want the opening and five notes", inc.Head)
			}
			return err
		})
		seen := fx.work()
		var got []string
		for range 5 {
			got = append(got, next(t, seen))
		}
		slices.Sort(got)
		if want := []string{"0", "1", "2", "4", "5"}; !slices.Equal(got, want) {
			t.Errorf("jobs %v, want %v", got, want)
		}
	})
}

// TestAnAwakeIncidentIsNotWokenAgain counts the jobs that Wake leads to.
func TestAnAwakeIncidentIsNotWokenAgain(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		wake := func(job string) {
			fx.MustWrite(func(tx *storage.Tx) error {
				if err := tx.TouchCards("i1", []incident.Card{incident.TopicCard}); err != nil {
					return err
				}
				return tx.Wake("i1", look{job}, nil)
			})
		}
		sendAll := func(st storage.Stream) {
			fx.MustWrite(func(tx *storage.Tx) error {
				cards, err := tx.DirtyCards("i1")
				for _, c := range cards {
					err = errors.Join(err, tx.CardSent(st, c))
				}
				return err
			})
		}
		wake("first")
		wake("not needed: the first job has yet to be worked")
		st := fx.acquire("i1", "w1", true)
		wake("not needed: the worker sees it before it lets go")
		if !fx.release(st, time.Time{}) {
			t.Error("the worker let go of new work")
		}
		sendAll(st)
		if fx.release(st, time.Time{}) {
			t.Error("the worker did not let go")
		}
		wake("second")
		st = fx.acquire("i1", "w2", true)
		if fx.release(st, fx.Now.Time().Add(time.Hour)) {
			t.Error("the worker did not put it off")
		}
		wake("third")
		seen := fx.work()
		var got []string
		for range 3 {
			got = append(got, next(t, seen))
		}
		slices.Sort(got)
		fx.MustWrite(func(tx *storage.Tx) error { return tx.Enqueue(look{"last"}, nil) })
		if last := next(t, seen); last != "last" || !slices.Equal(got, []string{"first", "second", "third"}) {
			t.Errorf("woken by %q, then %q", got, last)
		}
	})
}

func TestADeadWorkersStreamIsTakenOnce(t *testing.T) {
	Each(t, func(t *testing.T, fx *Fixture) {
		fx.addEffects("i1", ordinary)
		fx.acquire("i1", "dies", true)
		take := func() (ids []incident.ID) {
			fx.MustWrite(func(tx *storage.Tx) (err error) {
				ids, err = tx.TakeStreams(fx.Now.Time(), 10)
				return err
			})
			return ids
		}
		if got := take(); len(got) != 0 {
			t.Errorf("taken from a living worker: %v", got)
		}
		fx.Wall.Move(storage.StreamLease)
		if got := take(); !slices.Equal(got, []incident.ID{"i1"}) {
			t.Errorf("taken: %v", got)
		}
		if got := take(); len(got) != 0 {
			t.Errorf("taken twice: %v", got)
		}
		fx.Now.Move(storage.StreamLease)
		if got := take(); !slices.Equal(got, []incident.ID{"i1"}) {
			t.Errorf("forgotten, although nobody came: %v", got)
		}
	})
}

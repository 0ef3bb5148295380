package storage

import (
	"maps"
	"slices"

	"github.com/riverqueue/river"

	"github.com/rollcall-bot/rollcall/incident"
)

// outbox is what a transaction has posted for one incident: that it has work,
// which cards are stale, and the job that wakes a worker. It is written once,
// just before the commit, however many functions share that.
type outbox struct {
	cards map[incident.Card]bool
	wake  []job // at most one is used
}

// outbox is this function's for an incident.
func (tx *Tx) outbox(id incident.ID) *outbox {
	o, ok := tx.posts[id]
	if !ok {
		o = &outbox{cards: map[incident.Card]bool{}}
		if tx.posts == nil {
			tx.posts = map[incident.ID]*outbox{}
		}
		tx.posts[id] = o
	}
	return o
}

// Wake enqueues the job that carries out an incident's outbound work, unless one
// is waiting or a worker is at it already: that one will see the new work, as
// ReleaseStream does not let go before. Should it die instead, StreamsToWake
// names the incident.
func (tx *Tx) Wake(id incident.ID, args river.JobArgs, opts *river.InsertOpts) error {
	j, err := newJob(args, opts)
	if err != nil {
		return tx.failed(err)
	}
	o := tx.outbox(id)
	o.wake = append(o.wake, j)
	return nil
}

// gather takes the jobs and posts of a function that succeeded into the batch.
func (b *batch) gather(tx *Tx) {
	b.touched = append(b.touched, tx.touched...)
	for _, j := range tx.jobs {
		b.add(j)
	}
	for id, o := range tx.posts {
		all, ok := b.posts[id]
		if !ok {
			b.posts[id] = o
			continue
		}
		maps.Copy(all.cards, o.cards)
		all.wake = append(all.wake, o.wake...)
	}
}

// add keeps a job unless there is an equal one.
func (b *batch) add(j job) {
	if !b.queued[j.key] {
		b.queued[j.key] = true
		b.jobs = append(b.jobs, j.params)
	}
}

// flush writes what was posted, always in the same order, so that two replicas
// never wait for each other.
func (b *batch) flush() error {
	tx := b.newTx(false)
	for _, id := range slices.Sorted(maps.Keys(b.posts)) {
		o := b.posts[id]
		var woken int64
		var holder string
		err := tx.returning(`INSERT INTO stream (incident, head, woken) VALUES ($1, 1, $2)
			ON CONFLICT (incident) DO UPDATE SET head = stream.head + 1, woken = stream.woken + $2, wake_at = 0 RETURNING woken, holder`,
			args{text(id), int64(min(len(o.wake), 1))}, &woken, &holder)
		if err != nil {
			return err
		}
		if len(o.wake) > 0 && woken == 1 && holder == "" {
			b.add(o.wake[0])
		}
		for _, c := range slices.Sorted(maps.Keys(o.cards)) {
			if _, err := tx.exec(`INSERT INTO card (incident, target, wanted) VALUES ($1, $2, 1)
				ON CONFLICT (incident, target) DO UPDATE SET wanted = card.wanted + 1`, text(id), text(c)); err != nil {
				return err
			}
		}
	}
	return nil
}

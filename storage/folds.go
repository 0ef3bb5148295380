package storage

import (
	"container/list"
	"sync"

	"github.com/rollcall-bot/rollcall/incident"
)

// foldLimit is how many folded incidents are kept in memory: far more than are
// ever open at once.
const foldLimit = 2000

// fold is a folded incident and what the database knew when it was folded.
type fold struct {
	inc         *incident.Incident
	version     int64
	snapshotSeq int64
	seen        int64            // engine.Tx.Seen when it was last known to be up to date; the writer's only
	listed      listed           // in the projection, as this program last wrote it
	wording     incident.Wording // that worded was made of
	worded      worded           // what it is found by, likewise
	left        *left            // what is still to be done, likewise; nil when it is not known
}

// folds keeps the folded incidents that were used last.
type folds struct {
	mu    sync.Mutex
	limit int
	order *list.List // of *entry, the latest first
	byID  map[incident.ID]*list.Element
}

type entry struct {
	id incident.ID
	f  *fold
}

func newFolds(limit int) *folds {
	return &folds{limit: limit, order: list.New(), byID: map[incident.ID]*list.Element{}}
}

func (c *folds) get(id incident.ID) (*fold, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byID[id]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry).f, true //nolint:forcetypeassert // only entries are stored
}

func (c *folds) put(id incident.ID, f *fold) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byID[id]; ok {
		e.Value = &entry{id, f}
		c.order.MoveToFront(e)
		return
	}
	c.byID[id] = c.order.PushFront(&entry{id, f})
	if c.order.Len() > c.limit {
		last := c.order.Back()
		c.order.Remove(last)
		delete(c.byID, last.Value.(*entry).id) //nolint:forcetypeassert // only entries are stored
	}
}

func (c *folds) remove(id incident.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byID[id]; ok {
		c.order.Remove(e)
		delete(c.byID, id)
	}
}

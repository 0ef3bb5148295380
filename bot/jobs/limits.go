package jobs

import (
	"context"
	"time"

	"github.com/rollcall-bot/rollcall/bot/outbound"
	"github.com/rollcall-bot/rollcall/storage"
)

// Limits keeps rate limits in the database, for every process that shares it.
type Limits struct{ Store *storage.Store }

// Reserve takes one from each bucket, or from none and says how long to wait.
func (l Limits) Reserve(ctx context.Context, buckets []outbound.Bucket) (wait time.Duration, err error) {
	rates := make([]storage.Rate, len(buckets))
	for n, b := range buckets {
		rates[n] = storage.Rate{Bucket: b.Name, Interval: b.Interval, Burst: b.Burst}
	}
	err = l.Store.Write(ctx, func(tx *storage.Tx) (err error) {
		wait, err = tx.Reserve(rates...)
		return err
	})
	return wait, err
}

// Block closes a bucket until a moment of Rollcall's clock.
func (l Limits) Block(ctx context.Context, bucket string, until time.Time) error {
	return l.Store.Write(ctx, func(tx *storage.Tx) error { return tx.Block(bucket, until) })
}

package storage

import (
	"context"
	"time"
)

// How long is kept what nobody asks for any more; docs/data.md lists it all.
const (
	// KeepRequests is how long it is known that a request was seen whose sender stops
	// repeating it: Slack gives up after 24 hours (Events API, delayed events), and
	// refuses its own older buttons and forms long before this.
	KeepRequests = 90 * 24 * time.Hour
	// KeepSteps is how long steps are kept that were carried out or given up: for
	// whoever looks why something did not reach Slack.
	KeepSteps = 90 * 24 * time.Hour
	// KeepRates is how long a bucket is kept that nothing was taken from. Its times are
	// over long before, and one whose times are over says what one that is not there says.
	KeepRates = 24 * time.Hour
	// KeepReplicas is how long it is known that a program ran which did not say good-bye.
	KeepReplicas = 7 * 24 * time.Hour
)

// forgetRows is how many rows are looked at, and changed, at once: few enough that
// commands in between do not notice.
const forgetRows = 500

// page is what a look at the next rows of a table found.
type page[C int64 | string] struct {
	last C     // where it ended
	rows int64 // how many there were, of forgetRows at most
	old  int64 // of these, how many are to be changed
}

// sweep goes through a table in an order of its own from after on. Rows are looked
// for without holding up anybody, and changed in small transactions, of which each
// looks again. It returns how many were changed.
func sweep[C int64 | string](ctx context.Context, s *Store, after C,
	look func(r *Reader, after C) (page[C], error), change func(tx *Tx, after, last C) (int64, error),
) (changed int64, err error) {
	for {
		var p page[C]
		err := s.Read(ctx, func(r *Reader) (err error) {
			p, err = look(r, after)
			return err
		})
		if err != nil {
			return changed, err
		}
		if p.old > 0 {
			var n int64
			err := s.Write(ctx, func(tx *Tx) (err error) {
				n, err = change(tx, after, p.last)
				return err
			})
			if err != nil {
				return changed, err
			}
			changed += n
		}
		if p.rows < forgetRows {
			return changed, nil
		}
		after = p.last
	}
}

// ForgetAnswers empties the answers of deliveries that are older than before;
// programs' are kept. It returns how many it emptied.
func (s *Store) ForgetAnswers(ctx context.Context, before time.Time) (all int64, err error) {
	for source := ""; ; {
		err := s.Read(ctx, func(r *Reader) error {
			return r.row(`SELECT COALESCE(MIN(source), '') FROM delivery WHERE source > $1`, args{source}, &source)
		})
		if err != nil || source == "" {
			return all, err
		}
		if source == SourceAPI {
			continue
		}
		n, err := s.forgetAnswersOf(ctx, source, before)
		all += n
		if err != nil {
			return all, err
		}
	}
}

func (s *Store) forgetAnswersOf(ctx context.Context, source string, before time.Time) (int64, error) {
	return sweep(ctx, s, "", func(r *Reader, after string) (p page[string], err error) {
		err = r.row(`SELECT COALESCE(MAX(key), ''), COUNT(*), COALESCE(SUM(CASE WHEN at < $3 AND (answer <> '' OR reply_to <> '') THEN 1 ELSE 0 END), 0)
			FROM (SELECT key, at, answer, reply_to FROM delivery WHERE source = $1 AND key > $2 ORDER BY key LIMIT $4) p`,
			args{source, after, micros(before), int64(forgetRows)}, &p.last, &p.rows, &p.old)
		return p, err
	}, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(`UPDATE delivery SET answer = '', reply_to = ''
			WHERE source = $1 AND key > $2 AND key <= $3 AND at < $4 AND (answer <> '' OR reply_to <> '')`, source, after, last, micros(before))
	})
}

// ForgetOffers drops what buttons older than before would run. It returns how many.
func (s *Store) ForgetOffers(ctx context.Context, before time.Time) (int64, error) {
	return sweep(ctx, s, 0, func(r *Reader, after int64) (p page[int64], err error) {
		err = r.row(`SELECT COALESCE(MAX(at), 0), COUNT(*) FROM (SELECT at FROM offer WHERE at > $1 AND at < $2 ORDER BY at LIMIT $3) p`,
			args{after, micros(before), int64(forgetRows)}, &p.last, &p.rows)
		p.old = p.rows
		return p, err
	}, func(tx *Tx, after, last int64) (int64, error) {
		return tx.exec(`DELETE FROM offer WHERE at > $1 AND at <= $2`, after, last)
	})
}

// ForgetRequests drops a source's deliveries older than before: a repeat of one would
// count as new. It returns how many.
func (s *Store) ForgetRequests(ctx context.Context, source string, before time.Time) (int64, error) {
	return sweep(ctx, s, "", func(r *Reader, after string) (p page[string], err error) {
		err = r.row(`SELECT COALESCE(MAX(key), ''), COUNT(*), COALESCE(SUM(CASE WHEN at < $3 THEN 1 ELSE 0 END), 0)
			FROM (SELECT key, at FROM delivery WHERE source = $1 AND key > $2 ORDER BY key LIMIT $4) p`,
			args{source, after, micros(before), int64(forgetRows)}, &p.last, &p.rows, &p.old)
		return p, err
	}, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(`DELETE FROM delivery WHERE source = $1 AND key > $2 AND key <= $3 AND at < $4`, source, after, last, micros(before))
	})
}

// ForgetSteps drops outbound steps that were decided before a time and were carried
// out or given up. It returns how many.
func (s *Store) ForgetSteps(ctx context.Context, before time.Time) (int64, error) {
	return sweep(ctx, s, "", func(r *Reader, after string) (p page[string], err error) {
		err = r.row(`SELECT COALESCE(MAX(id), ''), COUNT(*), COALESCE(SUM(CASE WHEN at < $2 AND state IN ('done', 'failed') THEN 1 ELSE 0 END), 0)
			FROM (SELECT id, at, state FROM effect WHERE id > $1 ORDER BY id LIMIT $3) p`,
			args{after, micros(before), int64(forgetRows)}, &p.last, &p.rows, &p.old)
		return p, err
	}, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(`DELETE FROM effect WHERE id > $1 AND id <= $2 AND at < $3 AND state IN ('done', 'failed')`, after, last, micros(before))
	})
}

// ForgetRates drops buckets of rates whose times were over before a time of
// Rollcall's clock. It returns how many.
func (s *Store) ForgetRates(ctx context.Context, before time.Time) (int64, error) {
	return sweep(ctx, s, "", func(r *Reader, after string) (p page[string], err error) {
		err = r.row(`SELECT COALESCE(MAX(bucket), ''), COUNT(*), COALESCE(SUM(CASE WHEN tat < $2 AND blocked_until < $2 THEN 1 ELSE 0 END), 0)
			FROM (SELECT bucket, tat, blocked_until FROM rate WHERE bucket > $1 ORDER BY bucket LIMIT $3) p`,
			args{after, micros(before), int64(forgetRows)}, &p.last, &p.rows, &p.old)
		return p, err
	}, func(tx *Tx, after, last string) (int64, error) {
		return tx.exec(`DELETE FROM rate WHERE bucket > $1 AND bucket <= $2 AND tat < $3 AND blocked_until < $3`, after, last, micros(before))
	})
}

// ForgetReplicas drops programs that were not heard of for KeepReplicas. It returns
// how many.
func (tx *Tx) ForgetReplicas() (int64, error) {
	return tx.exec(`DELETE FROM replica WHERE seen_at < $1`, micros(tx.s.opts.Wall().Add(-KeepReplicas)))
}

// Package storage keeps everything that Rollcall must not forget, on SQLite or
// on PostgreSQL.
//
// There are two ways in. Write queues a function for the one writer, which runs
// it inside a transaction that it shares with whoever waits at the same moment;
// the answer comes after the commit. Read runs a function on a read-only
// connection. Nothing else leaves this package: no connection, no driver's
// error, and no look-up for people that forgets to ask who is asking. Look-ups
// that do not ask are for workers, and are named Raw.
//
// One file holds one family of tables. The tables themselves are in migrations,
// what differs between databases in sqlite and postgres, and what both promise
// in storagetest.
package storage

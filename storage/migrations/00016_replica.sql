-- +goose Up

-- What kinds of events a running program can read (JSON: kind to newest version; '' from one that did not say yet), so that
-- a newer one writes nothing that an older one beside it cannot read.
ALTER TABLE replica ADD COLUMN kinds TEXT NOT NULL DEFAULT '';

-- The programs that carry out outbound work, each with when it was last heard of by the database's own clock. One that is not
-- heard of any more and has let go of its lock is dead, and what it held is free.
CREATE TABLE serving (
    process TEXT PRIMARY KEY,
    beat    BIGINT NOT NULL
);

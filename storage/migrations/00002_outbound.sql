-- +goose Up
-- What is carried out after the commit: in order, on time, and not too often.

-- One row for each incident with outbound work. head counts work posted, done is
-- head as it was when nothing was left; whoever holds the lease drains it, and
-- the fence tells an old holder from the present one.
CREATE TABLE stream (
    incident    TEXT PRIMARY KEY,
    head        BIGINT NOT NULL DEFAULT 0,
    done        BIGINT NOT NULL DEFAULT 0,
    woken       BIGINT NOT NULL DEFAULT 0, -- posts since a worker was last at it; the first one wakes it
    wake_at     BIGINT NOT NULL DEFAULT 0, -- not before; Rollcall's clock
    holder      TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0, -- the machine's clock
    fence       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX stream_wake ON stream (wake_at) WHERE done < head;

CREATE TABLE effect (
    id         TEXT PRIMARY KEY,
    incident   TEXT   NOT NULL,
    seq        BIGINT NOT NULL,
    lane       BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    class      TEXT   NOT NULL,
    state      TEXT   NOT NULL, -- pending, sending, done, failed
    payload    TEXT   NOT NULL,
    result     TEXT   NOT NULL DEFAULT '',
    attempts   BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    last_error TEXT   NOT NULL DEFAULT '',
    at         BIGINT NOT NULL,
    UNIQUE (incident, seq)
);
CREATE INDEX effect_open ON effect (incident, lane, seq) WHERE state IN ('pending', 'sending');

CREATE TABLE card (
    incident TEXT   NOT NULL,
    target   TEXT   NOT NULL,
    wanted   BIGINT NOT NULL,
    sent     BIGINT NOT NULL DEFAULT 0,
    channel  TEXT   NOT NULL DEFAULT '',
    ts       TEXT   NOT NULL DEFAULT '',
    extra    TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (incident, target)
);

CREATE TABLE due (
    incident TEXT   NOT NULL,
    kind     TEXT   NOT NULL,
    key      TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, kind, key)
);
CREATE INDEX due_at ON due (at);

CREATE TABLE rate (
    bucket        TEXT PRIMARY KEY,
    tat           BIGINT NOT NULL, -- theoretical arrival time
    blocked_until BIGINT NOT NULL
);

CREATE TABLE replica (
    id         TEXT PRIMARY KEY,
    version    TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);

-- +goose Up
-- What monitors and checks need remembered between two messages.

-- The present occurrence of an alarm whose id comes back: most monitors call
-- every outage of a thing by the same name.
CREATE TABLE occurrence (
    workspace TEXT   NOT NULL,
    source    TEXT   NOT NULL,
    key       TEXT   NOT NULL, -- the source's own id, which comes back
    alarm     TEXT   NOT NULL, -- the id under which this occurrence is an alarm
    began     BIGINT NOT NULL,
    ended     BIGINT NOT NULL DEFAULT 0, -- 0 while it goes on
    heard     BIGINT NOT NULL,
    PRIMARY KEY (workspace, source, key)
);
CREATE INDEX occurrence_heard ON occurrence (heard);

-- Messages that came from the right sender and that nobody here can read.
CREATE TABLE unread (
    workspace TEXT   NOT NULL,
    source    TEXT   NOT NULL,
    key       TEXT   NOT NULL, -- SHA-256 of the whole body
    why       TEXT   NOT NULL,
    body      TEXT   NOT NULL, -- its beginning
    size      BIGINT NOT NULL, -- of the whole body, bytes
    times     BIGINT NOT NULL DEFAULT 1,
    at        BIGINT NOT NULL, -- when it last came
    PRIMARY KEY (workspace, source, key)
);
CREATE INDEX unread_at ON unread (at);

-- Where each of Rollcall's own checks stands.
CREATE TABLE check_state (
    workspace    TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    next_at      BIGINT NOT NULL,
    failures     BIGINT NOT NULL DEFAULT 0, -- in a row
    failed_since BIGINT NOT NULL DEFAULT 0,
    last_at      BIGINT NOT NULL DEFAULT 0,
    last_result  TEXT   NOT NULL DEFAULT '', -- '' for well
    alarm        TEXT   NOT NULL DEFAULT '', -- id of the alarm that it raised, while it fails
    told         BIGINT NOT NULL DEFAULT 0,  -- whether the alarm has been taken in
    PRIMARY KEY (workspace, name)
);

-- +goose Up
-- The log, its projection, and what makes a command happen exactly once.

CREATE TABLE workspace (
    id      TEXT PRIMARY KEY,
    team_id TEXT NOT NULL DEFAULT '' -- the chat workspace's own id, once known
);
INSERT INTO workspace (id) VALUES ('local');

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE counter (
    workspace TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    value     BIGINT NOT NULL,
    PRIMARY KEY (workspace, name)
);

CREATE TABLE person (
    id         TEXT PRIMARY KEY,
    workspace  TEXT   NOT NULL,
    slack_id   TEXT   NOT NULL,
    team_id    TEXT   NOT NULL DEFAULT '',
    name       TEXT   NOT NULL DEFAULT '',
    real_name  TEXT   NOT NULL DEFAULT '',
    email      TEXT   NOT NULL DEFAULT '',
    zone       TEXT   NOT NULL DEFAULT '',
    guest      BIGINT NOT NULL DEFAULT 0,
    bot        BIGINT NOT NULL DEFAULT 0,
    deleted    BIGINT NOT NULL DEFAULT 0,
    fetched_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (workspace, slack_id)
);

-- The projection of an incident: what lists and look-ups need.
CREATE TABLE incident (
    id           TEXT PRIMARY KEY,
    workspace    TEXT   NOT NULL,
    number       BIGINT NOT NULL,
    status       TEXT   NOT NULL,
    severity     BIGINT NOT NULL,
    title        TEXT   NOT NULL,
    private      BIGINT NOT NULL,
    drill        BIGINT NOT NULL,
    channel_id   TEXT   NOT NULL,
    channel_name TEXT   NOT NULL,
    leader       TEXT   NOT NULL,
    opened_at    BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    version      BIGINT NOT NULL, -- compare and set
    UNIQUE (workspace, number)
);
CREATE INDEX incident_opened ON incident (workspace, opened_at);
CREATE INDEX incident_open ON incident (workspace, number) WHERE status IN ('open', 'mitigated');

-- The folded state as of an event, so that nobody folds from the start. It is
-- apart from the projection, which is rewritten with every event and must stay
-- small.
CREATE TABLE snapshot (
    incident     TEXT PRIMARY KEY,
    seq          BIGINT NOT NULL,
    fold_version BIGINT NOT NULL,
    body         TEXT   NOT NULL
);

CREATE TABLE event (
    incident TEXT   NOT NULL,
    seq      BIGINT NOT NULL,
    kind     TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    occurred BIGINT NOT NULL,
    actor    TEXT   NOT NULL,
    command  TEXT   NOT NULL,
    surface  TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    PRIMARY KEY (incident, seq)
);

CREATE TABLE delivery (
    source    TEXT   NOT NULL,
    key       TEXT   NOT NULL, -- half of the SHA-256 of the sender's id, kept for ever
    incident  TEXT   NOT NULL,
    first_seq BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    answer    TEXT   NOT NULL, -- emptied after a while, as is reply_to
    reply_to  TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (source, key)
);
CREATE INDEX delivery_at ON delivery (at) WHERE answer <> '' OR reply_to <> '';

CREATE TABLE offer (
    id        TEXT PRIMARY KEY,
    workspace TEXT   NOT NULL,
    incident  TEXT   NOT NULL,
    line      TEXT   NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX offer_at ON offer (at);

CREATE TABLE claim (
    workspace TEXT   NOT NULL,
    scope     TEXT   NOT NULL,
    key       TEXT   NOT NULL,
    incident  TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (workspace, scope, key)
);

CREATE TABLE member (
    incident TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    since    BIGINT NOT NULL,
    PRIMARY KEY (incident, person)
);
CREATE INDEX member_person ON member (person);

CREATE TABLE channel (
    workspace  TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    incident   TEXT NOT NULL,
    PRIMARY KEY (workspace, channel_id)
);

-- +goose Up
-- Rooms for calls at providers that have to be asked for one: made ahead of need,
-- handed out once. A row is there before the provider is asked, so that whoever
-- goes on after a crash knows what may have been made.

CREATE TABLE room (
    id         TEXT PRIMARY KEY, -- ours
    workspace  TEXT   NOT NULL,
    provider   TEXT   NOT NULL,
    host       TEXT   NOT NULL,  -- in whose name; '' where that limits nothing
    state      TEXT   NOT NULL,  -- minting, ready, taken, ending, lost
    external   TEXT   NOT NULL DEFAULT '', -- the provider's own id
    url        TEXT   NOT NULL DEFAULT '',
    incident   TEXT   NOT NULL DEFAULT '', -- that it was handed to
    minted_at  BIGINT NOT NULL, -- when it was asked for, then when it was there
    expires_at BIGINT NOT NULL DEFAULT 0,
    taken_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX room_stock ON room (provider, minted_at) WHERE state <> 'taken';
CREATE INDEX room_taken ON room (host, incident) WHERE state = 'taken';

-- Incidents that a room did not come in time for.
CREATE TABLE room_want (
    incident TEXT   NOT NULL,
    provider TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, provider)
);

-- +goose Up
-- Alarms of monitors and paging systems, also those that belong to no incident
-- (yet): their reports may come in any order, and a person may decide later.

CREATE TABLE alarm (
    id        TEXT PRIMARY KEY, -- ours, for buttons
    workspace TEXT   NOT NULL,
    source    TEXT   NOT NULL,
    key       TEXT   NOT NULL, -- the source's own id
    incident  TEXT   NOT NULL DEFAULT '',
    body      TEXT   NOT NULL, -- what was reported, while there is no incident
    at        BIGINT NOT NULL,
    updated   BIGINT NOT NULL,
    UNIQUE (workspace, source, key)
);
CREATE INDEX alarm_updated ON alarm (updated) WHERE incident = '';

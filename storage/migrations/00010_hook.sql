-- +goose Up
-- Runs of rollback hooks that are programs on a machine of ours: whether one has
-- begun, who keeps it, and how it ended.

CREATE TABLE hook_run (
    incident TEXT   NOT NULL,
    number   BIGINT NOT NULL, -- of the run within the incident
    owner    TEXT   NOT NULL, -- the process that runs it
    began    BIGINT NOT NULL,
    beat     BIGINT NOT NULL, -- when its owner last said that it lives
    ended    BIGINT NOT NULL DEFAULT 0, -- 0 while it runs
    well     BIGINT NOT NULL DEFAULT 0, -- whether it ended as it should
    reason   TEXT   NOT NULL DEFAULT '',
    output   TEXT   NOT NULL DEFAULT '', -- the end of what it printed
    PRIMARY KEY (incident, number)
);
CREATE INDEX hook_run_ended ON hook_run (ended);

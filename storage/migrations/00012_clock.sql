-- +goose Up
-- When Rollcall speaks next of all incidents together, such as once a week; what it
-- says of a single one is in due.

CREATE TABLE clock (
    workspace TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (workspace, name)
);

-- +goose Up
-- Who was there: when somebody last wrote or reacted in an incident's channel, at
-- most once a minute, and nothing of what they wrote.

CREATE TABLE seen (
    incident TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    times    BIGINT NOT NULL,
    PRIMARY KEY (incident, person)
);

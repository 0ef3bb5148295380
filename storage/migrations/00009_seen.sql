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

-- Who follows a service, and hears of every incident of it that is not private.
CREATE TABLE follower (
    workspace TEXT   NOT NULL,
    service   TEXT   NOT NULL,
    person    TEXT   NOT NULL,
    since     BIGINT NOT NULL,
    PRIMARY KEY (workspace, service, person)
);

-- +goose Up
-- What lets a browser in: personal links to one incident's page, the visits that
-- they are exchanged for, sessions of people who signed in, and sign-ins that
-- were answered. Of the secret itself only the hash is kept.

CREATE TABLE pass (
    key       TEXT PRIMARY KEY, -- hash of the secret
    workspace TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    person    TEXT   NOT NULL DEFAULT '',
    incident  TEXT   NOT NULL DEFAULT '', -- the only one it opens; '' for all that its person may see
    at        BIGINT NOT NULL,
    expires   BIGINT NOT NULL
);
CREATE INDEX pass_incident ON pass (incident) WHERE incident <> '';
CREATE INDEX pass_person ON pass (person);
CREATE INDEX pass_expires ON pass (expires);

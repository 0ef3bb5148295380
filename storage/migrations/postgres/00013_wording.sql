-- +goose Up
-- What incidents were about, for finding earlier ones that were alike: the title,
-- the answers to cause and class, the services. docid is the incident's number.
-- Incidents from before this step are found by their titles until their next entry.

CREATE TABLE wording (
    docid    BIGINT PRIMARY KEY,
    title    TEXT NOT NULL,
    cause    TEXT NOT NULL,
    class    TEXT NOT NULL,
    services TEXT NOT NULL,
    words    TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || cause || ' ' || class || ' ' || services)) STORED
);
CREATE INDEX wording_words ON wording USING gin (words) WITH (fastupdate = off);
INSERT INTO wording (docid, title, cause, class, services) SELECT number, lower(title), '', '', '' FROM incident WHERE workspace = 'local';

-- +goose Up
-- What each revision of an RFO said when it was written: the base of a three-way
-- merge with copies that people edited, and of a comparison.

CREATE TABLE rfo_revision (
    incident TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    body     TEXT   NOT NULL, -- Markdown, without what people wrote into copies
    overlays TEXT   NOT NULL, -- what they wrote, as it was laid over the body when it was last written; JSON
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, revision)
);

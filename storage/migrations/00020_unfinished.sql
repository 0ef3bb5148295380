-- +goose Up
-- What is still to be done once incidents are over, and who has an e-mail address:
-- both were found by reading everything.

-- One row for each incident with an open action, or with an RFO that was neither
-- published nor skipped. Of incidents from before this step it may name too many,
-- until their next entry.
CREATE TABLE unfinished (
    incident TEXT PRIMARY KEY,
    actions  BIGINT NOT NULL, -- open ones
    rfo      BIGINT NOT NULL  -- whether its RFO is still to be published or skipped
);
INSERT INTO unfinished (incident, actions, rfo)
SELECT i.id,
    (SELECT count(*) FROM event e WHERE e.incident = i.id AND e.kind = 'action.added'),
    CASE WHEN i.status = 'resolved' AND NOT EXISTS (SELECT 1 FROM event e WHERE e.incident = i.id AND e.kind = 'rfo.published') THEN 1 ELSE 0 END
FROM incident i
WHERE i.status = 'resolved' AND NOT EXISTS (SELECT 1 FROM event e WHERE e.incident = i.id AND e.kind = 'rfo.published')
    OR EXISTS (SELECT 1 FROM event e WHERE e.incident = i.id AND e.kind = 'action.added');

CREATE INDEX person_email ON person (workspace, lower(email));

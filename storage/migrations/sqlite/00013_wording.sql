-- +goose Up
-- What incidents were about, for finding earlier ones that were alike: the title,
-- the answers to cause and class, the services. FTS4, because the driver builds it
-- in without a tag. docid is the incident's number. Incidents from before this step
-- are found by their titles until their next entry.

CREATE VIRTUAL TABLE wording USING fts4(title, cause, class, services, tokenize=unicode61, matchinfo=fts3);
INSERT INTO wording (docid, title, cause, class, services) SELECT number, lower(title), '', '', '' FROM incident WHERE workspace = 'local';

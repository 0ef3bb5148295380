-- +goose Up
-- What a later version may do to the tables while this one runs: only add.

CREATE TABLE newer (id TEXT PRIMARY KEY);
ALTER TABLE incident ADD COLUMN newer TEXT NOT NULL DEFAULT 'x';
ALTER TABLE event ADD COLUMN newer TEXT NOT NULL DEFAULT 'x';
ALTER TABLE effect ADD COLUMN newer TEXT NOT NULL DEFAULT 'x';
ALTER TABLE replica ADD COLUMN newer TEXT NOT NULL DEFAULT 'x';
INSERT INTO schema_step (step, oldest) VALUES (99, 0);

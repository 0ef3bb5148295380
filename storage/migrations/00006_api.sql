-- +goose Up
-- What a program sent under an id of its own, so that the same id with other
-- words is noticed; and an index for counting the steps that were given up.

ALTER TABLE delivery ADD COLUMN print TEXT NOT NULL DEFAULT '';

CREATE INDEX effect_failed ON effect (incident) WHERE state = 'failed';

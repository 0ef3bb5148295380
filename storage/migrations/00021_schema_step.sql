-- +goose Up
-- Which programs can go on after a step: those that know the step oldest; 0 for all that could before. A program from before the
-- step reads this, so that it can be started again beside newer ones, or in their place when they are taken back.

CREATE TABLE schema_step (
    step   BIGINT PRIMARY KEY,
    oldest BIGINT NOT NULL
);
INSERT INTO schema_step (step, oldest) VALUES (21, 0);

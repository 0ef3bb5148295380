-- +goose Up
-- From here on a request is stored under a key that begins like the sender's id, so
-- that what comes at one time lies side by side. Where there are requests from
-- before, they are looked for under their former keys too.

INSERT INTO meta (key, value) SELECT 'delivery.former', 'yes' WHERE EXISTS (SELECT 1 FROM delivery);

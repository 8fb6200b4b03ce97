-- Who mutes a thread is told nothing of it. `follow` and `mute` are never both 1.

ALTER TABLE marks ADD COLUMN mute BIGINT NOT NULL DEFAULT 0;

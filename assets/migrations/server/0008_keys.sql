-- What opens an account besides its password, and when its policy was accepted.

-- One row per member who began a second factor. `secret` is what the codes are made from, as base32 and not encrypted: a
-- key beside the database would be found, copied and lost together with it. Whoever has this table can make codes, but
-- not sign in with them: that takes the password too, of which there is a hash only.
CREATE TABLE second_factors (
  member_id BIGINT PRIMARY KEY REFERENCES members (id), secret TEXT NOT NULL, begun_at BIGINT NOT NULL,
  confirmed_at BIGINT,                   -- until a first code was right nothing asks for one
  last_step BIGINT NOT NULL,             -- of the last code that was taken; it and older ones are used up
  wrong BIGINT NOT NULL, wrong_at BIGINT NOT NULL    -- wrong codes in a row, and when the last one came
);

-- Those that were not used yet. Argon2id, like passwords: they are too short for a fast hash.
CREATE TABLE recovery_codes (
  hash TEXT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id)
);
CREATE INDEX recovery_codes_by_member ON recovery_codes (member_id);

-- Personal access tokens, as SHA-256 only. `scopes`: words with a space between.
CREATE TABLE personal_tokens (
  id BIGINT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id), name TEXT NOT NULL, scopes TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE, created_at BIGINT NOT NULL, used_at BIGINT, until BIGINT NOT NULL
);
CREATE INDEX personal_tokens_by_member ON personal_tokens (member_id);

-- When `policy_version` was accepted. Until now that was only ever done by joining.
ALTER TABLE members ADD COLUMN policy_accepted_at BIGINT;
UPDATE members SET policy_accepted_at = joined_at;

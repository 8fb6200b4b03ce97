-- Signing in on another device (RFC 8628) and in a browser on the member's own machine (RFC 8252). Rows live for
-- minutes. `session_id` is the session that a code opened, which may be gone meanwhile, so it refers to nothing.

CREATE TABLE device_codes (
  id BIGINT PRIMARY KEY, device_hash TEXT NOT NULL UNIQUE,     -- SHA-256 of what asks for the tokens
  user_code TEXT NOT NULL UNIQUE,        -- what a person types; it gets nobody a token
  client_name TEXT NOT NULL, address TEXT NOT NULL,            -- who asked, and from where
  created_at BIGINT NOT NULL, until BIGINT NOT NULL,
  pace BIGINT NOT NULL, asked_at BIGINT, -- seconds between two questions, and when the last one came
  decision TEXT, member_id BIGINT REFERENCES members (id),     -- `approved` or `refused`, and by whom
  session_id BIGINT
);
CREATE INDEX device_codes_by_end ON device_codes (until);
CREATE INDEX device_codes_by_member ON device_codes (member_id);

-- One row per page on which somebody decided about a program; `hash` (SHA-256 of the code) is empty when it was refused.
CREATE TABLE browser_codes (
  page TEXT PRIMARY KEY, hash TEXT UNIQUE, member_id BIGINT NOT NULL REFERENCES members (id),
  client_id TEXT NOT NULL, client_name TEXT NOT NULL, redirect_uri TEXT NOT NULL,
  challenge TEXT NOT NULL,               -- SHA-256 of the verifier, base64url (RFC 7636)
  created_at BIGINT NOT NULL, until BIGINT NOT NULL, session_id BIGINT
);
CREATE INDEX browser_codes_by_member ON browser_codes (member_id);

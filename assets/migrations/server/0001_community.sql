-- The community server's tables, in the dialect that SQLite and PostgreSQL share: BIGINT ids, Unix milliseconds,
-- 0/1 for booleans. Ids are made by the server (time-ordered), never by the database.

CREATE TABLE community (
  id BIGINT PRIMARY KEY,                 -- always 1
  name TEXT NOT NULL, positioning TEXT NOT NULL, audience TEXT NOT NULL,
  rules TEXT NOT NULL, policy TEXT NOT NULL, policy_version TEXT NOT NULL,
  answer_within_hours BIGINT
);

CREATE TABLE tiers (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, rank BIGINT NOT NULL UNIQUE
);

CREATE TABLE spaces (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, about TEXT NOT NULL,
  read_tier TEXT REFERENCES tiers (slug), write_role TEXT NOT NULL, position BIGINT NOT NULL
);

CREATE TABLE plans (
  slug TEXT PRIMARY KEY, name TEXT NOT NULL, tier TEXT NOT NULL REFERENCES tiers (slug),
  bill_interval TEXT NOT NULL, price_minor BIGINT NOT NULL, currency TEXT NOT NULL,
  trial_days BIGINT NOT NULL, gives TEXT NOT NULL, position BIGINT NOT NULL    -- gives: one per line
);

CREATE TABLE members (
  id BIGINT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, bio TEXT NOT NULL, email TEXT,
  role TEXT NOT NULL, password_hash TEXT, policy_version TEXT NOT NULL,
  joined_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);

-- One row per sign-in. Tokens are kept as SHA-256 only.
CREATE TABLE sessions (
  id BIGINT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id), client_name TEXT NOT NULL,
  access_hash TEXT NOT NULL UNIQUE, access_until BIGINT NOT NULL,
  created_at BIGINT NOT NULL, used_at BIGINT NOT NULL, revoked_at BIGINT
);
CREATE TABLE refresh_tokens (
  hash TEXT PRIMARY KEY, session_id BIGINT NOT NULL REFERENCES sessions (id),
  until BIGINT NOT NULL, used_at BIGINT, replaced_by TEXT
);
CREATE INDEX sessions_by_member ON sessions (member_id);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (until);

CREATE TABLE ledger (
  id BIGINT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id), at BIGINT NOT NULL,
  fact TEXT NOT NULL                     -- model::ledger::FactKind as JSON
);
CREATE INDEX ledger_by_member ON ledger (member_id, at);

CREATE TABLE threads (
  id BIGINT PRIMARY KEY, space TEXT NOT NULL REFERENCES spaces (slug), kind TEXT NOT NULL,
  title TEXT NOT NULL, author_id BIGINT NOT NULL REFERENCES members (id),
  gate TEXT REFERENCES tiers (slug),     -- tier the whole thread needs
  created_at BIGINT NOT NULL, active_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  last_number BIGINT NOT NULL, answers BIGINT NOT NULL, score BIGINT NOT NULL,
  accepted_post BIGINT, locked BIGINT NOT NULL, pinned BIGINT NOT NULL,
  preview TEXT NOT NULL,                 -- the public beginning of the opening post
  version BIGINT NOT NULL, deleted_at BIGINT
);
CREATE INDEX threads_by_activity ON threads (active_at, id);
CREATE INDEX threads_by_space ON threads (space, active_at, id);
CREATE INDEX threads_by_author ON threads (author_id, id);

CREATE TABLE thread_tags (
  thread_id BIGINT NOT NULL REFERENCES threads (id), tag TEXT NOT NULL, position BIGINT NOT NULL,
  PRIMARY KEY (thread_id, tag)
);
CREATE INDEX thread_tags_by_tag ON thread_tags (tag, thread_id);

CREATE TABLE posts (
  id BIGINT PRIMARY KEY, thread_id BIGINT NOT NULL REFERENCES threads (id), number BIGINT NOT NULL,
  parent BIGINT, author_id BIGINT NOT NULL REFERENCES members (id), body TEXT NOT NULL,
  created_at BIGINT NOT NULL, edited_at BIGINT, deleted_at BIGINT,
  score BIGINT NOT NULL, version BIGINT NOT NULL,
  UNIQUE (thread_id, number)
);
CREATE INDEX posts_by_author ON posts (author_id, id);

CREATE TABLE revisions (
  post_id BIGINT NOT NULL REFERENCES posts (id), version BIGINT NOT NULL, body TEXT NOT NULL, until BIGINT NOT NULL,
  PRIMARY KEY (post_id, version)
);

CREATE TABLE votes (
  post_id BIGINT NOT NULL REFERENCES posts (id), member_id BIGINT NOT NULL REFERENCES members (id),
  value BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (post_id, member_id)
);
CREATE INDEX votes_by_member ON votes (member_id, post_id);

CREATE TABLE marks (
  thread_id BIGINT NOT NULL REFERENCES threads (id), member_id BIGINT NOT NULL REFERENCES members (id),
  read_upto BIGINT NOT NULL, follow BIGINT NOT NULL, bookmark BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (thread_id, member_id)
);
CREATE INDEX marks_by_member ON marks (member_id, thread_id);

CREATE TABLE notifications (
  id BIGINT PRIMARY KEY, member_id BIGINT NOT NULL REFERENCES members (id), reason TEXT NOT NULL,
  actor_id BIGINT REFERENCES members (id), thread_id BIGINT REFERENCES threads (id), number BIGINT,
  title TEXT NOT NULL,                   -- of a notice without a thread; empty else
  at BIGINT NOT NULL, done BIGINT NOT NULL
);
CREATE INDEX notifications_by_member ON notifications (member_id, done, at, id);

-- What changed, without a word of text. `member_id` is set when it concerns one member only.
CREATE TABLE changes (
  seq BIGINT PRIMARY KEY, topic TEXT NOT NULL, thread_id BIGINT, member_id BIGINT, at BIGINT NOT NULL
);

CREATE TABLE idempotency (
  member_id BIGINT NOT NULL REFERENCES members (id), key TEXT NOT NULL, request_hash TEXT NOT NULL,
  status BIGINT NOT NULL, answer TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (member_id, key)
);

-- Who gave whom which role, and other deeds of staff.
CREATE TABLE audit (
  id BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor_id BIGINT, deed TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL
);

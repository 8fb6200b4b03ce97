-- What one account keeps on this machine. A body is the JSON of a type of the model; the columns beside it are what is
-- looked for and sorted by. Times are microseconds since 1970, booleans 0 or 1. `at`: when the community last said so.

PRAGMA application_id = 1283023717;      -- "Lyce": another program's file is never taken for a store

CREATE TABLE documents (name TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

-- Lists whose order only the server knows, and how far a list was fetched.
CREATE TABLE lists (name TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE threads (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
  ordinal TEXT NOT NULL,                 -- the id, filled up in front: 9 comes before 10
  space TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
  created INTEGER NOT NULL, active INTEGER NOT NULL, answers INTEGER NOT NULL, score INTEGER NOT NULL,
  open INTEGER NOT NULL, solved INTEGER NOT NULL,      -- a question without, with an accepted answer
  pinned INTEGER NOT NULL, gated INTEGER NOT NULL,
  unread INTEGER NOT NULL, follow INTEGER NOT NULL, bookmark INTEGER NOT NULL,
  head TEXT NOT NULL,                    -- title and tags, one per line: what search knows them by
  body TEXT NOT NULL, at INTEGER NOT NULL
);

-- One index for every order that a list is shown in, so that a page costs the same with few threads and with many.
CREATE INDEX threads_active ON threads (active, ordinal);
CREATE INDEX threads_following ON threads (active, ordinal) WHERE follow = 1;
CREATE INDEX threads_unread ON threads (active, ordinal) WHERE unread = 1;
CREATE INDEX threads_pinned ON threads (pinned, active, ordinal);
CREATE INDEX threads_of_space ON threads (space, pinned, active, ordinal);
CREATE INDEX threads_of_space_created ON threads (space, created, ordinal);
CREATE INDEX threads_of_space_score ON threads (space, score, ordinal);
CREATE INDEX threads_of_kind ON threads (kind, pinned, active, ordinal);
CREATE INDEX threads_created ON threads (created, ordinal);
CREATE INDEX threads_score ON threads (score, ordinal);
CREATE INDEX threads_open ON threads (pinned, active, ordinal) WHERE open = 1;
CREATE INDEX threads_open_created ON threads (created, ordinal) WHERE open = 1;
CREATE INDEX threads_solved ON threads (pinned, active, ordinal) WHERE solved = 1;
CREATE INDEX threads_bookmarked ON threads (pinned, active, ordinal) WHERE bookmark = 1;
CREATE INDEX threads_of_author ON threads (author, pinned, active, ordinal);

CREATE TABLE thread_tags (
  tag TEXT NOT NULL, thread INTEGER NOT NULL REFERENCES threads (row) ON DELETE CASCADE, PRIMARY KEY (tag, thread)
) WITHOUT ROWID;
CREATE INDEX thread_tags_of_thread ON thread_tags (thread);

-- Posts may be here before their thread is.
CREATE TABLE posts (
  row INTEGER PRIMARY KEY, thread TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL,
  author TEXT NOT NULL, created INTEGER NOT NULL, partial INTEGER NOT NULL,
  digest INTEGER,                        -- of the text that the index holds; none when it is not in it: a deleted post
  body TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (thread, number)
);
CREATE INDEX posts_by_id ON posts (id);
CREATE INDEX posts_of_author ON posts (author, created);

-- One row per post that stands, its rowid the post's row. Text is cut into words by model::search before it comes here,
-- and shown from the post itself: the index keeps no copy of it.
CREATE VIRTUAL TABLE post_index USING fts5 (
  title, tags, body, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2 tokenchars '_'"
);

CREATE TABLE inbox (
  id TEXT PRIMARY KEY, ordinal TEXT NOT NULL, happened INTEGER NOT NULL, done INTEGER NOT NULL,
  body TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX inbox_all ON inbox (happened, ordinal);
CREATE INDEX inbox_open ON inbox (happened, ordinal) WHERE done = 0;

-- Where the community's sequence of changes stands, and what is known to be out of date since. `mark` counts what was
-- noted, and never goes back.
CREATE TABLE standing (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER, mark INTEGER NOT NULL);
INSERT INTO standing (one, position, mark) VALUES (1, NULL, 0);
CREATE TABLE stale_threads (thread TEXT PRIMARY KEY, first INTEGER NOT NULL, mark INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX stale_threads_first ON stale_threads (first, thread);
CREATE TABLE stale_posts (
  thread TEXT NOT NULL, number INTEGER NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (thread, number)
) WITHOUT ROWID;

-- What a person wrote. `window` is a running program; `copy` 0 is the text being written for a place, more are texts for
-- the same place that came from elsewhere.
CREATE TABLE drafts (
  window TEXT NOT NULL, place TEXT NOT NULL, copy INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (window, place, copy)
) WITHOUT ROWID;
CREATE INDEX drafts_newest ON drafts (at);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, window TEXT NOT NULL, key TEXT NOT NULL, lane TEXT NOT NULL,
  sets TEXT,                             -- what it sets, when a later one makes it pointless
  change TEXT NOT NULL, about TEXT NOT NULL, after INTEGER NOT NULL, made INTEGER NOT NULL,
  state TEXT NOT NULL, tries INTEGER NOT NULL,
  rest INTEGER NOT NULL, due INTEGER     -- both follow from the state
);
CREATE INDEX outbox_of_window ON outbox (window, id);
CREATE INDEX outbox_by_lane ON outbox (lane, id);
CREATE INDEX outbox_by_setting ON outbox (sets) WHERE sets IS NOT NULL;

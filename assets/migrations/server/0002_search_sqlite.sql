-- Full-text index of SQLite (FTS5); the PostgreSQL twin will use tsvector. One row per post, its rowid the post's id.
-- `public` holds what anybody may find (title, tags, preview), `whole` what only those may find who may read it all.
-- Text is cut into words by model::search before it comes here.

CREATE VIRTUAL TABLE post_index USING fts5 (title, tags, public, whole, tokenize = "unicode61 remove_diacritics 2 tokenchars '_'");

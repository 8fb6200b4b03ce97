-- What names that look alike have in common (server::names::key). The server fills it in for members that were there
-- before; where two of these look alike already, the one who came first has it.
ALTER TABLE members ADD COLUMN name_key TEXT;
ALTER TABLE members ADD COLUMN username_key TEXT;
CREATE UNIQUE INDEX members_by_name_key ON members (name_key);
CREATE UNIQUE INDEX members_by_username_key ON members (username_key);

-- A list of one kind, also of a kind that hardly occurs.

CREATE INDEX threads_by_kind ON threads (kind, pinned, active_at, id);

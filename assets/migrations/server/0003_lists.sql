-- Indexes for the orders that lists go by, so that a page costs the same in a small community and a large one.

CREATE INDEX threads_pinned ON threads (pinned, active_at, id);
CREATE INDEX threads_pinned_by_space ON threads (space, pinned, active_at, id);
CREATE INDEX threads_by_score ON threads (score, id);
CREATE INDEX threads_open ON threads (active_at, id) WHERE kind = 'question' AND accepted_post IS NULL;
CREATE INDEX notifications_by_thread ON notifications (member_id, thread_id);
CREATE INDEX marks_by_thread ON marks (thread_id, follow);

-- Which post of its thread a change is about. None where it is not about one post, and in lines older than this column.

ALTER TABLE changes ADD COLUMN number BIGINT;

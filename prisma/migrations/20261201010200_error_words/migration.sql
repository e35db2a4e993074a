-- By hand. Words of an error. Orders that have one were known, but not how many have a word: a common one was taken for
-- rare and looked for in all of a million orders, and a rare one was.
CREATE INDEX orders_error_words_idx ON orders USING gin (
  lower(coalesce(error_code, '') || ' ' || coalesce(error_message, '')) gin_trgm_ops
) WHERE error_code IS NOT NULL OR error_message IS NOT NULL;
CREATE STATISTICS orders_error_stats ON (lower(coalesce(error_code, '') || ' ' || coalesce(error_message, '')))
  FROM orders;

-- Of a table that is empty nothing is to be learnt but that it is, and that would be believed for a while.
DO $$
BEGIN
  IF EXISTS (SELECT FROM orders) THEN ANALYZE orders; END IF;
END $$;

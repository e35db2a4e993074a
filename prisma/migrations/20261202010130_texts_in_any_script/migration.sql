-- By hand. Names in any script. pg_trgm takes letters from the database's LC_CTYPE, and under C it knows those of ASCII
-- alone: राम had no trigram, so that a million orders were read for it. Here are the trigrams of the words that have other
-- letters, whatever the locale; words of ASCII are in orders_search_idx. A word is what stands between single spaces.
CREATE FUNCTION trigrams_beyond_ascii(whole text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(word, spot, 3)), '{}')
  FROM string_to_table(whole, ' ') AS word, generate_series(1, char_length(word) - 2) AS spot
  WHERE octet_length(word) > char_length(word)
$$;

-- Of orders that have such letters; all others cost the comparison of two lengths.
CREATE INDEX orders_script_idx ON orders USING gin (
  trigrams_beyond_ascii(search_text || ' ' || coalesce(lower(payer_vpa), ''))
) WHERE octet_length(search_text) > char_length(search_text) OR octet_length(payer_vpa) > char_length(payer_vpa);
CREATE STATISTICS orders_script_stats ON (trigrams_beyond_ascii(search_text || ' ' || coalesce(lower(payer_vpa), '')))
  FROM orders;

-- Of a table that is empty nothing is to be learnt but that it is, and that would be believed for a while.
DO $$
BEGIN
  IF EXISTS (SELECT FROM orders) THEN ANALYZE orders; END IF;
END $$;

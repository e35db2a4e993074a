-- By hand. Indexes of orders after a look at a million of them: what is found by a part of it, what is rare, and one index
-- that did another's work.

-- Parts of an address, a number or a UPI address, in one index. Their own trigrams are few: in search_text, among ids that
-- are full of digits, seven digits of a phone are seven lists of a tenth of all orders each.
CREATE INDEX orders_contact_idx ON orders USING gin (
  lower(customer_email) gin_trgm_ops,
  regexp_replace(customer_phone, '\D', '', 'g') gin_trgm_ops,
  lower(payer_vpa) gin_trgm_ops
);
DROP INDEX orders_vpa_idx;

-- How the values of these expressions are spread. The planner takes that from indexes over all rows alone; without it
-- every ending of a number seemed to be one in two hundred, and whole months were read for six orders.
CREATE STATISTICS orders_phone_end_stats ON (reverse(regexp_replace(customer_phone, '\D', '', 'g'))) FROM orders;
CREATE STATISTICS orders_refunded_stats ON (refunded_minor + external_refunded_minor) FROM orders;

-- Words and amounts that few orders have, newest first; the many others cost nothing here.
CREATE INDEX orders_rare_payment_idx ON orders (merchant_account_id, payment_status, created_at DESC, id DESC)
  WHERE payment_status NOT IN ('charged', 'failed');
CREATE INDEX orders_rare_code_idx ON orders (merchant_account_id, provider_status, created_at DESC, id DESC)
  WHERE provider_status <> 'CHARGED';
CREATE INDEX orders_rare_currency_idx ON orders (merchant_account_id, currency, created_at DESC, id DESC)
  WHERE currency <> 'INR';
CREATE INDEX orders_many_attempts_idx ON orders (merchant_account_id, attempt_count, created_at DESC, id DESC)
  WHERE attempt_count > 2;
CREATE INDEX orders_refunded_idx ON orders
  (merchant_account_id, (refunded_minor + external_refunded_minor), created_at DESC, id DESC)
  WHERE refunded_minor + external_refunded_minor > 0;

-- The unique key in the order of its characters, so that it finds the beginning of a reference too and the index that did
-- only that can go.
CREATE UNIQUE INDEX orders_ref_key ON orders (merchant_account_id, order_ref_key text_pattern_ops);
DROP INDEX "orders_merchant_account_id_order_ref_key_key";
DROP INDEX "orders_ref_prefix_idx";
ALTER INDEX orders_ref_key RENAME TO "orders_merchant_account_id_order_ref_key_key";

ANALYZE orders;

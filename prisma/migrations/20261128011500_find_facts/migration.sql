-- By hand. What a million orders showed next: filters that looked at all of them when few matched, and references that the
-- planner took for so common that it called for parallel workers, which take ten milliseconds to come.

CREATE INDEX orders_charged_idx ON orders (merchant_account_id, charged_at DESC, id DESC) WHERE charged_at IS NOT NULL;
CREATE INDEX orders_network_idx ON orders (merchant_account_id, lower(card_brand), created_at DESC, id DESC)
  WHERE card_brand IS NOT NULL;
-- One in ten orders has an error to look for a word in.
CREATE INDEX orders_error_idx ON orders (merchant_account_id, created_at DESC, id DESC)
  WHERE error_code IS NOT NULL OR error_message IS NOT NULL;

CREATE STATISTICS orders_provider_ref_stats ON (lower(provider_order_ref)) FROM orders;
CREATE STATISTICS orders_network_stats ON (lower(card_brand)) FROM orders;
CREATE STATISTICS transaction_gateway_ref_stats ON (lower(gateway_ref)) FROM transaction;
CREATE STATISTICS transaction_rrn_stats ON (lower(rrn)) FROM transaction;
CREATE STATISTICS refund_ref_stats ON (lower(ref)) FROM refund;
CREATE STATISTICS refund_arn_stats ON (lower(arn)) FROM refund;

-- Of a table that is empty nothing is to be learnt but that it is, and that would be believed for a while.
DO $$
BEGIN
  IF EXISTS (SELECT FROM orders) THEN ANALYZE orders; END IF;
  IF EXISTS (SELECT FROM transaction) THEN ANALYZE transaction; END IF;
  IF EXISTS (SELECT FROM refund) THEN ANALYZE refund; END IF;
END $$;

-- Refunds made elsewhere count in the balance from the moment Juspay knows of them, so that they cannot be paid again. How
-- much of that has not come back yet stands beside it: until then no list and no file may call it refunded.
ALTER TABLE "orders" ADD COLUMN "external_pending_minor" BIGINT NOT NULL DEFAULT 0;

-- By hand.
UPDATE orders AS o SET external_pending_minor = least(away.minor, o.external_refunded_minor)
FROM (
  SELECT merchant_account_id, order_id, sum(amount_minor) AS minor FROM refund
  WHERE origin <> 'paydesk' AND status NOT IN ('succeeded', 'failed', 'rejected')
  GROUP BY 1, 2
) AS away
WHERE o.merchant_account_id = away.merchant_account_id AND o.id = away.order_id;

ALTER TABLE orders ADD CONSTRAINT orders_external_pending_check CHECK (
  external_pending_minor BETWEEN 0 AND external_refunded_minor
);

-- What the filter "refunded" asks for, in place of the sum with what is still on its way.
DROP INDEX orders_refunded_idx;
DROP STATISTICS orders_refunded_stats;
CREATE STATISTICS orders_refunded_stats ON (refunded_minor + external_refunded_minor - external_pending_minor)
  FROM orders;
CREATE INDEX orders_refunded_idx ON orders
  (merchant_account_id, (refunded_minor + external_refunded_minor - external_pending_minor), created_at DESC, id DESC)
  WHERE refunded_minor + external_refunded_minor - external_pending_minor > 0;

-- Of a table that is empty nothing is to be learnt but that it is, and that would be believed for a while.
DO $$
BEGIN
  IF EXISTS (SELECT FROM orders) THEN ANALYZE orders; END IF;
END $$;

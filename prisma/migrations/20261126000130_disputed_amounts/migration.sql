-- What open disputes may take back is not there to refund.
ALTER TABLE "orders" ADD COLUMN "disputed_minor" BIGINT NOT NULL DEFAULT 0;

-- By hand. It stands outside the balance's CHECK: a bank may dispute money that has gone back already.
ALTER TABLE orders ADD CONSTRAINT orders_disputed_check CHECK (disputed_minor >= 0);

-- A dispute of unknown amount may be about everything: the largest amount there is (AMOUNT_MINOR_MAX).
UPDATE orders o SET disputed_minor = open.total FROM (
  SELECT merchant_account_id, order_id, least(sum(coalesce(amount_minor, 10000000000000)), 10000000000000) AS total
  FROM dispute WHERE status IN ('received', 'under_review', 'evidence_required') AND order_id IS NOT NULL
  GROUP BY merchant_account_id, order_id
) AS open WHERE o.merchant_account_id = open.merchant_account_id AND o.id = open.order_id;

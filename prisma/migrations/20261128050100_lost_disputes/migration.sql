-- By hand. What a lost dispute took is not there to refund either: giving it back would pay the customer twice. The same
-- sums as `withDisputes` makes (domain/dispute.ts), over every order with a dispute that holds money or took it.
UPDATE orders o SET disputed_minor = holding.total FROM (
  SELECT d.merchant_account_id, d.order_id, least(sum(CASE
      WHEN d.amount_minor IS NULL OR coalesce(d.currency, own.currency) <> own.currency THEN 10000000000000
      ELSE d.amount_minor END), 10000000000000) AS total
  FROM dispute d JOIN orders own ON own.merchant_account_id = d.merchant_account_id AND own.id = d.order_id
  WHERE d.status IN ('received', 'under_review', 'evidence_required', 'resolved_customer', 'expired')
  GROUP BY d.merchant_account_id, d.order_id
) AS holding WHERE o.merchant_account_id = holding.merchant_account_id AND o.id = holding.order_id
  AND o.disputed_minor <> holding.total;

-- By hand: orders that were charged are looked at daily for refunds made elsewhere. They are many and can wait, so they
-- have an index of their own and cannot stand before orders of which an outcome is expected.
DROP INDEX orders_due_idx;
CREATE INDEX orders_due_idx ON orders (merchant_account_id, next_check_at)
  WHERE next_check_at IS NOT NULL AND unconfirmed_since IS NULL AND payment_status <> 'charged';
CREATE INDEX orders_due_charged_idx ON orders (merchant_account_id, next_check_at)
  WHERE next_check_at IS NOT NULL AND unconfirmed_since IS NULL AND payment_status = 'charged';
-- Those charged in the last days join at once, spread over a day.
UPDATE orders SET next_check_at = now() + random() * interval '1 day'
  WHERE payment_status = 'charged' AND next_check_at IS NULL AND changed_at > now() - interval '10 days';

-- By hand: what the sweep takes, per account. Two partial indexes instead of one over an expression, which can order
-- the rows but not stop at those that are due.
DROP INDEX orders_due_idx;
CREATE INDEX orders_due_unconfirmed_idx ON orders (merchant_account_id, next_check_at)
  WHERE next_check_at IS NOT NULL AND unconfirmed_since IS NOT NULL;
CREATE INDEX orders_due_idx ON orders (merchant_account_id, next_check_at)
  WHERE next_check_at IS NOT NULL AND unconfirmed_since IS NULL;

-- By hand. Orders of which something went back, newest first: `refunded:>0`. Refunds come days after their orders, so among
-- the newest there are next to none, and a list that looked for fifty of them read tens of thousands of others.
CREATE INDEX orders_returned_idx ON orders (merchant_account_id, created_at DESC, id DESC)
  WHERE refunded_minor + external_refunded_minor - external_pending_minor > 0;

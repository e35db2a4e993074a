-- By hand. Orders of which nobody has told an amount that can be read: `is:amount_unknown`, and how many of them the sums
-- of the overview take for nothing. Next to none anywhere.
CREATE INDEX orders_amount_unknown_idx ON orders (merchant_account_id, created_at DESC, id DESC)
  WHERE amount_minor = 0 AND charged_minor = 0;

-- By hand. Orders that lack what nearly all have: without an index, `email:none` read a million orders to find that nobody
-- lacks one. An order that lacks nothing is in none of these, and what was changed in place (a look at Juspay that found
-- nothing new) still is: none of the columns changes without the instant of the last change, which is in an index anyway.
-- One index for each, as a shop that asks nobody for an e-mail has all its orders in one of them.
CREATE INDEX orders_no_email_idx ON orders (merchant_account_id, created_at DESC, id DESC) WHERE customer_email IS NULL;
CREATE INDEX orders_no_phone_idx ON orders (merchant_account_id, created_at DESC, id DESC) WHERE customer_phone IS NULL;
CREATE INDEX orders_no_name_idx ON orders (merchant_account_id, created_at DESC, id DESC) WHERE customer_name IS NULL;
CREATE INDEX orders_no_customer_idx ON orders (merchant_account_id, created_at DESC, id DESC)
  WHERE customer_name IS NULL AND customer_ref IS NULL;

-- Orders that nobody tried to pay: `attempts:=0`, word for word, so that the index alone counts them.
CREATE INDEX orders_untried_idx ON orders (merchant_account_id, created_at DESC, id DESC) WHERE attempt_count = 0;

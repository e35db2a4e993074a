-- By hand. Other orders of a customer who is known by address only; by reference orders_customer_idx finds them, by number
-- orders_phone_end_idx.
CREATE INDEX orders_email_idx ON orders (merchant_account_id, lower(customer_email), created_at DESC)
  WHERE customer_email IS NOT NULL;

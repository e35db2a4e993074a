-- AlterTable
ALTER TABLE "orders" ADD COLUMN "unconfirmed_since" TIMESTAMPTZ(3);

-- By hand: money that only webhooks claim, oldest first. Partial, so that it holds the few orders in doubt.
CREATE INDEX orders_unconfirmed_idx ON orders (merchant_account_id, unconfirmed_since)
  WHERE unconfirmed_since IS NOT NULL;

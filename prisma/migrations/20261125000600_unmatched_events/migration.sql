-- By hand: Prisma has no word for partial indexes.
-- An event that could not be matched with an order has only the key it came with. A person who looks for the order by
-- its id must find it too, and there may be many events that were put aside.
CREATE INDEX webhook_event_unmatched_idx ON webhook_event (merchant_account_id, order_key)
  WHERE order_id IS NULL AND status IN ('failed', 'dead', 'ignored');

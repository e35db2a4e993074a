-- By hand (the operator class): references by their beginning (order:ORD-1…). A plain index cannot serve LIKE unless the database sorts by bytes.
CREATE INDEX "orders_ref_prefix_idx" ON "orders"("merchant_account_id", "order_ref_key" text_pattern_ops);

-- By hand: what may need a person (server/domain/stuck.ts), newest first. Partial, so that it stays as small as the
-- trouble is: of a month of orders almost all are final. The pending ones that are still young are skipped in it.
CREATE INDEX orders_attention_idx ON orders (merchant_account_id, created_at DESC, id DESC)
  WHERE display_status IN ('pending', 'review', 'unknown', 'disputed');

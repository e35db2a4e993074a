-- By hand. What may need a person (server/domain/stuck.ts), newest first: with captures and releases that were not answered.
CREATE INDEX orders_overdue_idx ON orders (merchant_account_id, created_at DESC, id DESC)
  WHERE display_status IN ('pending', 'review', 'unknown', 'disputed')
    OR provider_status IN ('CAPTURE_INITIATED', 'VOID_INITIATED');
DROP INDEX orders_attention_idx;
ALTER INDEX orders_overdue_idx RENAME TO orders_attention_idx;

-- Several charged attempts: a refund request says which of them it gives back. Null where there is only one, and for
-- requests made before. Adding a column that may be null rewrites nothing; older servers write null.
ALTER TABLE "refund_request" ADD COLUMN "txn_ref" TEXT;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
-- The attempt is part of what was asked, so it is frozen like the rest.
CREATE TRIGGER refund_request_attempt_frozen BEFORE UPDATE ON refund_request FOR EACH ROW
  WHEN (OLD.txn_ref IS DISTINCT FROM NEW.txn_ref)
  EXECUTE FUNCTION refuse_frozen_change('the attempt that was asked for');

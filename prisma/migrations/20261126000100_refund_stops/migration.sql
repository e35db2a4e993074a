-- A stop of refunds: nothing is sent while one is in force. Requests are still taken and wait.
CREATE TABLE "refund_stop" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "gateway" TEXT,
    "reason" TEXT NOT NULL,
    "set_by_kind" TEXT NOT NULL,
    "set_by" TEXT NOT NULL,
    "set_by_name" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "lifted_by_name" TEXT,
    "lifted_at" TIMESTAMPTZ(3),
    "lift_note" TEXT,

    CONSTRAINT "refund_stop_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "refund_stop" ADD CONSTRAINT "refund_stop_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The history, newest first.
CREATE INDEX "refund_stop_merchant_account_id_set_at_id_idx" ON "refund_stop"("merchant_account_id", "set_at" DESC, "id" DESC);

-- By hand: what every claim reads; only what nobody has lifted is indexed.
CREATE INDEX refund_stop_open_idx ON refund_stop (merchant_account_id) WHERE lifted_at IS NULL;
-- A job that finds the same fault every minute stops refunds once.
CREATE UNIQUE INDEX refund_stop_job_key ON refund_stop (merchant_account_id, coalesce(gateway, ''), set_by)
  WHERE lifted_at IS NULL AND set_by_kind = 'system';
ALTER TABLE refund_stop
  ADD CONSTRAINT refund_stop_set_by_kind_check CHECK (set_by_kind IN ('user', 'system')),
  ADD CONSTRAINT refund_stop_reason_check CHECK (length(reason) BETWEEN 1 AND 1000),
  ADD CONSTRAINT refund_stop_expires_check CHECK (expires_at IS NULL OR expires_at > set_at),
  ADD CONSTRAINT refund_stop_lifted_check CHECK ((lifted_at IS NULL) = (lifted_by_name IS NULL));

-- Who stopped what and why is history: only the lifting is added to it.
CREATE TRIGGER refund_stop_frozen BEFORE UPDATE ON refund_stop FOR EACH ROW
  WHEN (
    (OLD.merchant_account_id, OLD.gateway, OLD.reason, OLD.set_by_kind, OLD.set_by, OLD.set_by_name, OLD.set_at, OLD.expires_at)
    IS DISTINCT FROM
    (NEW.merchant_account_id, NEW.gateway, NEW.reason, NEW.set_by_kind, NEW.set_by, NEW.set_by_name, NEW.set_at, NEW.expires_at)
    OR OLD.lifted_at IS NOT NULL
  )
  EXECUTE FUNCTION refuse_frozen_change('a stop');
CREATE TRIGGER refund_stop_kept BEFORE DELETE ON refund_stop FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('existence');

-- CreateTable
CREATE TABLE "provider_calls" (
    "merchant_account_id" UUID NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "took_ms" INTEGER[] DEFAULT ARRAY[]::INTEGER[],

    CONSTRAINT "provider_calls_pkey" PRIMARY KEY ("merchant_account_id")
);

-- AddForeignKey
ALTER TABLE "provider_calls" ADD CONSTRAINT "provider_calls_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE provider_calls
  ADD CONSTRAINT provider_calls_failures_check
    CHECK (failures >= 0 AND (failing_since IS NULL) = (failures = 0) AND (failed_at IS NULL) = (failures = 0)),
  ADD CONSTRAINT provider_calls_times_check CHECK (cardinality(took_ms) <= 100);
-- One row of each account that changes all day: room on the page keeps the updates there.
ALTER TABLE provider_calls SET (fillfactor = 50);

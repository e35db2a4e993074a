-- AlterTable
ALTER TABLE "refund_request" ADD COLUMN "retry_of_refund_id" UUID;

-- CreateTable
CREATE TABLE "refund_call" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "refund_id" UUID NOT NULL,
    "call_no" INTEGER NOT NULL,
    "sent_at" TIMESTAMPTZ(3) NOT NULL,
    "took_ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "words" TEXT,
    "http_status" INTEGER,
    "provider_request_id" TEXT,
    "body" BYTEA,

    CONSTRAINT "refund_call_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "refund_call_refund_id_call_no_idx" ON "refund_call"("refund_id", "call_no");

-- AddForeignKey
ALTER TABLE "refund_request" ADD CONSTRAINT "refund_request_retry_of_refund_id_fkey" FOREIGN KEY ("retry_of_refund_id") REFERENCES "refund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_call" ADD CONSTRAINT "refund_call_refund_id_fkey" FOREIGN KEY ("refund_id") REFERENCES "refund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
-- A failed refund is tried again once at a time; another retry needs the first to have come to nothing.
CREATE UNIQUE INDEX refund_request_retry_key ON refund_request (retry_of_refund_id)
  WHERE retry_of_refund_id IS NOT NULL AND status IN ('pending_approval', 'approved');

-- At most one attempt of a request that could still be sent (I2); making a second while one is paid or may be is refused
-- in the INSERT itself. What Juspay tells of an attempt that had been given up must be possible to write down even when
-- another was made since: then both are there, an alarm says so, and nothing more is sent (C18).
DROP INDEX refund_live_attempt_key;
CREATE UNIQUE INDEX refund_live_attempt_key ON refund (refund_request_id)
  WHERE refund_request_id IS NOT NULL AND status IN ('ready', 'sending', 'unknown') AND provider_status IS NULL;
-- An answer is kept whole or not at all.
ALTER TABLE refund_call ADD CONSTRAINT refund_call_body_check CHECK (length(body) <= 65536);

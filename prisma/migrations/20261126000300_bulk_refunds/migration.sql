-- AlterTable
ALTER TABLE "refund_request" ADD COLUMN     "batch_id" UUID;

-- CreateTable
CREATE TABLE "bulk_batch" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "no" INTEGER NOT NULL,
    "request_key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "file_hash" BYTEA,
    "headers" JSONB NOT NULL,
    "mapping" JSONB NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "parent_id" UUID,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "checked_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "note" TEXT,
    "submitted_by" UUID,
    "submitted_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "policy_version" INTEGER,
    "approval_hash" BYTEA,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT,
    "hold_until" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "remark" TEXT,
    "total" INTEGER NOT NULL DEFAULT 0,
    "unchecked_rows" INTEGER NOT NULL DEFAULT 0,
    "ok_rows" INTEGER NOT NULL DEFAULT 0,
    "warning_rows" INTEGER NOT NULL DEFAULT 0,
    "error_rows" INTEGER NOT NULL DEFAULT 0,
    "dropped_rows" INTEGER NOT NULL DEFAULT 0,
    "accepted_rows" INTEGER NOT NULL DEFAULT 0,
    "amount_minor" BIGINT NOT NULL DEFAULT 0,
    "refused_rows" INTEGER NOT NULL DEFAULT 0,
    "reserved_rows" INTEGER NOT NULL DEFAULT 0,
    "released_rows" INTEGER NOT NULL DEFAULT 0,
    "unknown_rows" INTEGER NOT NULL DEFAULT 0,
    "pending_rows" INTEGER NOT NULL DEFAULT 0,
    "review_rows" INTEGER NOT NULL DEFAULT 0,
    "returned_rows" INTEGER NOT NULL DEFAULT 0,
    "succeeded_rows" INTEGER NOT NULL DEFAULT 0,
    "failed_rows" INTEGER NOT NULL DEFAULT 0,
    "not_sent_rows" INTEGER NOT NULL DEFAULT 0,
    "recent" TEXT NOT NULL DEFAULT '',
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "run_done" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "stumbles" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "bulk_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_row" (
    "batch_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "cells" JSONB NOT NULL,
    "fields" JSONB NOT NULL,
    "order_key" TEXT NOT NULL,
    "edited" BOOLEAN NOT NULL DEFAULT false,
    "dropped" BOOLEAN NOT NULL DEFAULT false,
    "accepted" BOOLEAN NOT NULL DEFAULT false,
    "verdict" TEXT NOT NULL DEFAULT 'unchecked',
    "findings" JSONB NOT NULL DEFAULT '[]',
    "order_id" UUID,
    "amount_minor" BIGINT,
    "suggested_minor" BIGINT,
    "reason" TEXT,
    "note" TEXT,
    "refund_request_id" UUID,
    "outcome" TEXT,
    "seen" TEXT,
    "remark" TEXT,

    CONSTRAINT "bulk_row_pkey" PRIMARY KEY ("batch_id","n")
);

-- CreateTable
CREATE TABLE "bulk_mapping" (
    "merchant_account_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "header_key" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bulk_mapping_pkey" PRIMARY KEY ("merchant_account_id","user_id","header_key")
);

-- CreateIndex
CREATE INDEX "bulk_batch_merchant_account_id_created_at_id_idx" ON "bulk_batch"("merchant_account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "bulk_batch_merchant_account_id_file_hash_idx" ON "bulk_batch"("merchant_account_id", "file_hash");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_batch_merchant_account_id_request_key_key" ON "bulk_batch"("merchant_account_id", "request_key");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_batch_merchant_account_id_no_key" ON "bulk_batch"("merchant_account_id", "no");

-- CreateIndex
CREATE UNIQUE INDEX "bulk_row_refund_request_id_key" ON "bulk_row"("refund_request_id");

-- CreateIndex
CREATE INDEX "bulk_row_batch_id_verdict_n_idx" ON "bulk_row"("batch_id", "verdict", "n");

-- CreateIndex
CREATE INDEX "bulk_row_batch_id_outcome_n_idx" ON "bulk_row"("batch_id", "outcome", "n");

-- CreateIndex
CREATE INDEX "bulk_row_batch_id_order_key_idx" ON "bulk_row"("batch_id", "order_key");

-- CreateIndex
CREATE INDEX "refund_request_batch_id_idx" ON "refund_request"("batch_id");

-- AddForeignKey
ALTER TABLE "refund_request" ADD CONSTRAINT "refund_request_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "bulk_batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_batch" ADD CONSTRAINT "bulk_batch_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_batch" ADD CONSTRAINT "bulk_batch_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "bulk_batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_batch" ADD CONSTRAINT "bulk_batch_created_by_fkey" FOREIGN KEY ("created_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_batch" ADD CONSTRAINT "bulk_batch_submitted_by_fkey" FOREIGN KEY ("submitted_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_batch" ADD CONSTRAINT "bulk_batch_decided_by_fkey" FOREIGN KEY ("decided_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_row" ADD CONSTRAINT "bulk_row_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "bulk_batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_row" ADD CONSTRAINT "bulk_row_refund_request_id_fkey" FOREIGN KEY ("refund_request_id") REFERENCES "refund_request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand: bulk refunds ──────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE bulk_batch
  ADD CONSTRAINT bulk_batch_status_check CHECK (
    status IN ('draft', 'checking', 'ready', 'submitting', 'waiting_approval', 'held', 'running', 'paused', 'stopped',
      'finished', 'finished_failures', 'rejected', 'cancelled')
  ),
  ADD CONSTRAINT bulk_batch_source_check CHECK (source IN ('file', 'selection', 'rerun')),
  -- Whoever made the batch or sent it for approval never decides it (invariant I8), whatever the code believes.
  ADD CONSTRAINT bulk_batch_four_eyes_check CHECK (
    decided_by IS NULL OR (decided_by <> created_by AND submitted_by IS NOT NULL AND decided_by <> submitted_by)
  ),
  -- Nothing is held or released that nobody approved.
  ADD CONSTRAINT bulk_batch_approval_check CHECK (
    status NOT IN ('held', 'running', 'paused', 'finished', 'finished_failures')
    OR (decided_by IS NOT NULL AND decided_at IS NOT NULL AND hold_until IS NOT NULL AND approval_hash IS NOT NULL)
  ),
  -- A count that overruns the rows would be a row counted twice.
  ADD CONSTRAINT bulk_batch_counts_check CHECK (
    unchecked_rows + ok_rows + warning_rows + error_rows + dropped_rows = total
    AND least(unchecked_rows, ok_rows, warning_rows, error_rows, dropped_rows, refused_rows, reserved_rows,
      released_rows, unknown_rows, pending_rows, review_rows, returned_rows, succeeded_rows, failed_rows,
      not_sent_rows) >= 0
    AND refused_rows + reserved_rows + released_rows + unknown_rows + pending_rows + review_rows + returned_rows
      + succeeded_rows + failed_rows + not_sent_rows <= total
  );

ALTER TABLE bulk_row
  ADD CONSTRAINT bulk_row_verdict_check CHECK (verdict IN ('unchecked', 'ok', 'warning', 'error')),
  ADD CONSTRAINT bulk_row_amount_check CHECK (amount_minor > 0 AND suggested_minor > 0),
  ADD CONSTRAINT bulk_row_outcome_check CHECK (
    outcome IN ('refused', 'reserved', 'released', 'unknown', 'pending', 'review', 'returned', 'succeeded', 'failed',
      'not_sent')
  ),
  -- A row that was set aside has a request; it keeps it whatever becomes of it.
  ADD CONSTRAINT bulk_row_request_check CHECK (
    outcome IS NULL OR outcome = 'refused' OR refund_request_id IS NOT NULL
  );

-- The workers' queue: batches that wait for a person are not in it.
CREATE INDEX bulk_batch_next_idx ON bulk_batch (next_at) WHERE next_at IS NOT NULL;

-- A request that was asked for in a batch stays in it; no request is moved into one that was approved (invariant I5).
CREATE TRIGGER refund_request_batch_frozen BEFORE UPDATE ON refund_request FOR EACH ROW
  WHEN (OLD.batch_id IS NOT NULL AND NEW.batch_id IS DISTINCT FROM OLD.batch_id)
  EXECUTE FUNCTION refuse_frozen_change('the batch');

-- What an approver has seen and decided is frozen.
CREATE TRIGGER bulk_batch_decision_frozen BEFORE UPDATE ON bulk_batch FOR EACH ROW
  WHEN (
    OLD.decided_by IS NOT NULL
    AND (OLD.approval_hash, OLD.decided_by, OLD.decided_at)
    IS DISTINCT FROM (NEW.approval_hash, NEW.decided_by, NEW.decided_at)
  )
  EXECUTE FUNCTION refuse_frozen_change('the decision');

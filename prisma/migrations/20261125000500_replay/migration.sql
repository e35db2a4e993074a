-- AlterTable
ALTER TABLE "webhook_event" ADD COLUMN "set_aside" JSONB;

-- CreateTable
CREATE TABLE "replay_job" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "request_key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "paused_from" TEXT,
    "scope" JSONB NOT NULL,
    "reason" TEXT,
    "created_by_id" UUID NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_by" TEXT,
    "applied_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "note" TEXT,
    "total" INTEGER NOT NULL DEFAULT 0,
    "applied_before" INTEGER NOT NULL DEFAULT 0,
    "shadowed" INTEGER NOT NULL DEFAULT 0,
    "would_change" INTEGER NOT NULL DEFAULT 0,
    "would_ask" INTEGER NOT NULL DEFAULT 0,
    "would_fail" INTEGER NOT NULL DEFAULT 0,
    "applied" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "recent" TEXT NOT NULL DEFAULT '',
    "run_at" TIMESTAMPTZ(3) NOT NULL,
    "run_done" INTEGER NOT NULL DEFAULT 0,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "served_at" TIMESTAMPTZ(3),
    "stumbles" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "replay_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replay_item" (
    "job_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "event_id" UUID NOT NULL,
    "event_name" TEXT,
    "order_ref" TEXT,
    "order_key" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "applied_before" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "shadow_outcome" TEXT,
    "shadow_error" TEXT,
    "shadow_changes" JSONB,
    "begun_at" TIMESTAMPTZ(3),
    "apply_outcome" TEXT,
    "apply_error" TEXT,
    "apply_changes" JSONB,
    "at" TIMESTAMPTZ(3),

    CONSTRAINT "replay_item_pkey" PRIMARY KEY ("job_id","n")
);

-- CreateIndex
CREATE UNIQUE INDEX "replay_job_merchant_account_id_request_key_key" ON "replay_job"("merchant_account_id", "request_key");

-- CreateIndex
CREATE INDEX "replay_job_merchant_account_id_created_at_id_idx" ON "replay_job"("merchant_account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "replay_item_job_id_state_n_idx" ON "replay_item"("job_id", "state", "n");

-- AddForeignKey
ALTER TABLE "replay_job" ADD CONSTRAINT "replay_job_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_item" ADD CONSTRAINT "replay_item_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "replay_job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ── By hand: replay ────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE replay_job
  ADD CONSTRAINT replay_job_status_check
    CHECK (status IN ('shadowing', 'ready', 'applying', 'paused', 'done', 'stopped', 'failed')),
  ADD CONSTRAINT replay_job_paused_check
    CHECK ((status = 'paused') = (paused_from IS NOT NULL) AND paused_from IN ('shadowing', 'applying')),
  -- A count that overruns the items would be an item counted twice.
  ADD CONSTRAINT replay_job_counts_check
    CHECK (shadowed <= total AND applied + skipped <= total AND changed + unchanged + failed = applied);

ALTER TABLE replay_item
  ADD CONSTRAINT replay_item_state_check CHECK (state IN ('waiting', 'would_change', 'would_not_change', 'would_ask',
    'would_fail', 'changed', 'unchanged', 'failed', 'skipped'));

-- The queue: jobs at work, the one served longest ago first.
CREATE INDEX replay_job_work_idx ON replay_job (served_at NULLS FIRST, created_at) WHERE status IN ('shadowing', 'applying');
-- Shadow runs that nobody has applied yet; they run out.
CREATE INDEX replay_job_ready_idx ON replay_job (changed_at) WHERE status = 'ready';
-- What is left to apply, oldest first.
CREATE INDEX replay_item_to_apply_idx ON replay_item (job_id, n)
  WHERE state IN ('would_change', 'would_not_change', 'would_ask', 'would_fail');

-- Events that need a look: failed, given up, or held because their name is unknown, and not set aside by a person. The
-- failed list and its groups read this index and nothing else, so that they cost the same among millions of events.
CREATE INDEX webhook_event_needs_look_idx ON webhook_event (merchant_account_id, received_at DESC, id DESC)
  WHERE (status IN ('failed', 'dead') OR (status = 'ignored' AND outcome = 'unknown_event')) AND set_aside IS NULL;
CREATE INDEX webhook_event_set_aside_idx ON webhook_event (merchant_account_id, received_at DESC, id DESC)
  WHERE set_aside IS NOT NULL;

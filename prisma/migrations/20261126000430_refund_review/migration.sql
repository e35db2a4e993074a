-- AlterTable
ALTER TABLE "refund" ADD COLUMN "settled_by_people" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "refund_review" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "refund_id" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "reference" TEXT,
    "note" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "proposed_by" UUID NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT,

    CONSTRAINT "refund_review_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "refund_review_refund_id_proposed_at_idx" ON "refund_review"("refund_id", "proposed_at" DESC);

-- AddForeignKey
ALTER TABLE "refund_review" ADD CONSTRAINT "refund_review_refund_id_fkey" FOREIGN KEY ("refund_id") REFERENCES "refund"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_review" ADD CONSTRAINT "refund_review_proposed_by_fkey" FOREIGN KEY ("proposed_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_review" ADD CONSTRAINT "refund_review_decided_by_fkey" FOREIGN KEY ("decided_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE refund_review
  ADD CONSTRAINT refund_review_outcome_check CHECK (outcome IN ('succeeded', 'failed')),
  ADD CONSTRAINT refund_review_status_check CHECK (status IN ('waiting', 'confirmed', 'declined', 'overtaken')),
  -- What money did is never decided by one person alone, whatever the code believes.
  ADD CONSTRAINT refund_review_four_eyes_check CHECK (decided_by IS NULL OR decided_by <> proposed_by),
  ADD CONSTRAINT refund_review_decided_check CHECK (status NOT IN ('confirmed', 'declined') OR decided_by IS NOT NULL),
  -- "Done" needs the bank's reference.
  ADD CONSTRAINT refund_review_proof_check CHECK (outcome <> 'succeeded' OR reference IS NOT NULL);
-- One proposal at a time.
CREATE UNIQUE INDEX refund_review_open_key ON refund_review (refund_id) WHERE status = 'waiting';

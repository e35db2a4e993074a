-- CreateTable
CREATE TABLE "integration_proof" (
    "merchant_account_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "proved_at" TIMESTAMPTZ(3),
    "proof" TEXT,
    "failed_at" TIMESTAMPTZ(3),
    "failure" TEXT,

    CONSTRAINT "integration_proof_pkey" PRIMARY KEY ("merchant_account_id","step")
);

-- AddForeignKey
ALTER TABLE "integration_proof" ADD CONSTRAINT "integration_proof_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE integration_proof
  ADD CONSTRAINT integration_proof_step_check
    CHECK (step IN ('credentials', 'signed', 'initiate', 'session', 'process', 'return', 'status', 'refund')),
  ADD CONSTRAINT integration_proof_words_check
    CHECK ((proved_at IS NULL) = (proof IS NULL) AND (failed_at IS NULL) = (failure IS NULL));
-- A handful of rows that change all day: room on the page keeps the updates there.
ALTER TABLE integration_proof SET (fillfactor = 50);

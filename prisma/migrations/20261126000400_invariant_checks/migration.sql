-- CreateTable
CREATE TABLE "invariant_check" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "at" TIMESTAMPTZ(3) NOT NULL,
    "took_ms" INTEGER NOT NULL,
    "changed_orders" INTEGER NOT NULL,
    "slice_orders" INTEGER NOT NULL,
    "behind" BOOLEAN NOT NULL,
    "failed" TEXT[],
    "found" INTEGER NOT NULL,
    "violations" JSONB NOT NULL,

    CONSTRAINT "invariant_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invariant_violation" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "invariant" TEXT NOT NULL,
    "order_id" UUID,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "breach" BOOLEAN NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "cleared_at" TIMESTAMPTZ(3),

    CONSTRAINT "invariant_violation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invariant_scan" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_xid" xid8 NOT NULL DEFAULT '0',
    "changed_seq" BIGINT NOT NULL DEFAULT 0,
    "slice_after" UUID,
    "pass_began_at" TIMESTAMPTZ(3),
    "pass_orders" INTEGER NOT NULL DEFAULT 0,
    "last_pass_began_at" TIMESTAMPTZ(3),
    "last_pass_ended_at" TIMESTAMPTZ(3),
    "last_pass_orders" INTEGER,

    CONSTRAINT "invariant_scan_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "invariant_check_at_idx" ON "invariant_check"("at" DESC);

-- CreateIndex
CREATE INDEX "invariant_violation_merchant_account_id_cleared_at_idx" ON "invariant_violation"("merchant_account_id", "cleared_at");

-- CreateIndex
CREATE INDEX "discrepancy_merchant_account_id_order_id_idx" ON "discrepancy"("merchant_account_id", "order_id");

-- AddForeignKey
ALTER TABLE "invariant_violation" ADD CONSTRAINT "invariant_violation_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
-- The same violation is open once, however many checks see it: a kill switch is tripped by what is new.
CREATE UNIQUE INDEX invariant_violation_open_key ON invariant_violation (merchant_account_id, invariant, subject)
  WHERE cleared_at IS NULL;
-- One row: who checks next, and how far the check has come.
ALTER TABLE invariant_scan ADD CONSTRAINT invariant_scan_one_check CHECK (id = 1);
INSERT INTO invariant_scan (due_at) VALUES ('epoch');
-- Refunds of which nobody knows yet what became of them: few, and looked for every minute.
CREATE INDEX refund_in_doubt_idx ON refund (last_sent_at) WHERE status IN ('sending', 'unknown');

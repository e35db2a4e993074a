-- AlterTable
ALTER TABLE "api_key" ADD COLUMN "created_by" TEXT,
ADD COLUMN "expires_at" TIMESTAMPTZ(3),
ADD COLUMN "last_used_at" TIMESTAMPTZ(3),
ADD COLUMN "rate_per_minute" INTEGER NOT NULL DEFAULT 600,
ADD COLUMN "window_calls" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN "window_started_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sdk_answer" (
    "merchant_account_id" UUID NOT NULL,
    "order_ref_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "answered" BOOLEAN NOT NULL,
    "fresh_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sdk_answer_pkey" PRIMARY KEY ("merchant_account_id","order_ref_key","kind")
);

-- CreateIndex
CREATE INDEX "sdk_answer_created_at_idx" ON "sdk_answer"("created_at");

-- AddForeignKey
ALTER TABLE "sdk_answer" ADD CONSTRAINT "sdk_answer_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE sdk_answer ADD CONSTRAINT sdk_answer_kind_check CHECK (kind IN ('session', 'process'));
ALTER TABLE api_key ADD CONSTRAINT api_key_rate_check CHECK (rate_per_minute BETWEEN 1 AND 6000);
-- The counters change with every call: room on the page keeps those updates off the indexes.
ALTER TABLE api_key SET (fillfactor = 70);

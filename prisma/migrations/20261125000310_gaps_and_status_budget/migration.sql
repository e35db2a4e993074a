-- CreateTable
CREATE TABLE "webhook_gap" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT,
    "cause" TEXT NOT NULL,
    "status_check_id" UUID NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "due_since" TIMESTAMPTZ(3) NOT NULL,
    "healed_at" TIMESTAMPTZ(3),
    "arrived_at" TIMESTAMPTZ(3),
    "event_id" UUID,

    CONSTRAINT "webhook_gap_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_budget" (
    "merchant_account_id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "refilled_at" TIMESTAMPTZ(3) NOT NULL,
    "paused_until" TIMESTAMPTZ(3),

    CONSTRAINT "status_budget_pkey" PRIMARY KEY ("merchant_account_id","scope")
);

-- CreateIndex
CREATE INDEX "webhook_gap_merchant_account_id_cause_found_at_id_idx" ON "webhook_gap"("merchant_account_id", "cause", "found_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_gap_merchant_account_id_order_id_found_at_idx" ON "webhook_gap"("merchant_account_id", "order_id", "found_at");

-- CreateIndex
CREATE INDEX "status_budget_refilled_at_idx" ON "status_budget"("refilled_at");

-- AddForeignKey
ALTER TABLE "webhook_gap" ADD CONSTRAINT "webhook_gap_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "status_budget" ADD CONSTRAINT "status_budget_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand from here on.
ALTER TABLE webhook_gap ADD CONSTRAINT webhook_gap_cause_check CHECK (cause IN ('juspay_late', 'we_failed', 'gateway_pending'));

-- An order waits for its gateway once, however often it is asked about.
CREATE UNIQUE INDEX webhook_gap_pending_key ON webhook_gap (merchant_account_id, order_id)
  WHERE cause = 'gateway_pending' AND healed_at IS NULL;
-- Gaps that are not healed, newest first, and those whose event may still come: both stay as small as the trouble is.
CREATE INDEX webhook_gap_open_idx ON webhook_gap (merchant_account_id, cause, found_at DESC, id DESC) WHERE healed_at IS NULL;
CREATE INDEX webhook_gap_awaited_idx ON webhook_gap (found_at, id) WHERE arrived_at IS NULL;

-- Events of an order that were given up: whether it was us who failed (the open ones have an index of their own).
CREATE INDEX webhook_event_dead_order_idx ON webhook_event (merchant_account_id, order_key) WHERE status = 'dead';

-- What the sweep takes, per account: unconfirmed money first, then what has been due longest. In place of the index
-- over all accounts, which knew neither.
CREATE INDEX orders_due_idx ON orders (merchant_account_id, (unconfirmed_since IS NULL), next_check_at)
  WHERE next_check_at IS NOT NULL;
DROP INDEX orders_next_check_idx;

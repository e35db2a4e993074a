-- Reception counted in slots, so that no screen counts events one by one.

-- CreateTable
CREATE TABLE "event_rate" (
    "merchant_account_id" UUID NOT NULL,
    "span_seconds" INTEGER NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "event_name" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "deliveries" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_rate_pkey" PRIMARY KEY ("merchant_account_id","span_seconds","slot","event_name","outcome")
);

-- CreateTable
CREATE TABLE "event_slot" (
    "merchant_account_id" UUID NOT NULL,
    "span_seconds" INTEGER NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "active_slots" INTEGER NOT NULL,
    "lag" INTEGER[],
    "apply" INTEGER[],

    CONSTRAINT "event_slot_pkey" PRIMARY KEY ("merchant_account_id","span_seconds","slot")
);

-- CreateTable
CREATE TABLE "event_roll_up" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "rolled_to" TIMESTAMPTZ(3),
    "rolled_at" TIMESTAMPTZ(3),
    "wide_at" TIMESTAMPTZ(3),
    "took_ms" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "event_roll_up_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_rejection_count" (
    "merchant_account_id" UUID NOT NULL,
    "span_seconds" INTEGER NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "cause" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_rejection_count_pkey" PRIMARY KEY ("merchant_account_id","span_seconds","slot","cause")
);

-- AlterTable
ALTER TABLE "webhook_rejection" ADD COLUMN "detail" JSONB NOT NULL DEFAULT '{}';

-- CreateIndex
CREATE INDEX "event_rate_span_seconds_slot_idx" ON "event_rate"("span_seconds", "slot");

-- CreateIndex
CREATE INDEX "event_slot_span_seconds_slot_idx" ON "event_slot"("span_seconds", "slot");

-- CreateIndex
CREATE INDEX "webhook_rejection_count_span_seconds_slot_idx" ON "webhook_rejection_count"("span_seconds", "slot");

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- The one mark of the roll-up: whoever holds its lock rolls up.
ALTER TABLE event_roll_up ADD CONSTRAINT event_roll_up_one_row CHECK (id = 1);
INSERT INTO event_roll_up DEFAULT VALUES;

ALTER TABLE event_rate
  ADD CONSTRAINT event_rate_outcome_check CHECK (outcome IN ('applied', 'unchanged', 'held', 'waiting', 'failed'));

-- Slots that must be looked at again: there are few, and mostly none.
CREATE INDEX event_rate_unsettled_idx ON event_rate (slot, outcome) WHERE outcome IN ('waiting', 'failed') AND span_seconds = 10;

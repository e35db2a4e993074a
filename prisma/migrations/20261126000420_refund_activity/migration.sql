-- AlterTable
ALTER TABLE "refund" ADD COLUMN "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- By hand: what is known of when rows changed last, before the index is built.
UPDATE "refund" SET "changed_at" = greatest(created_at, last_sent_at, least(settled_at, now()));

-- DropIndex
DROP INDEX "refund_merchant_account_id_created_at_id_idx";

-- DropIndex
DROP INDEX "refund_merchant_account_id_status_created_at_id_idx";

-- CreateIndex
CREATE INDEX "refund_merchant_account_id_changed_at_id_idx" ON "refund"("merchant_account_id", "changed_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "refund_merchant_account_id_status_changed_at_id_idx" ON "refund"("merchant_account_id", "status", "changed_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "refund_merchant_account_id_gateway_changed_at_id_idx" ON "refund"("merchant_account_id", "gateway", "changed_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "refund_merchant_account_id_origin_changed_at_id_idx" ON "refund"("merchant_account_id", "origin", "changed_at" DESC, "id" DESC);

-- By hand: requests of which nothing was sent stand among refunds by what happened to them last.
CREATE INDEX refund_request_activity_idx ON refund_request (merchant_account_id, (coalesce(decided_at, requested_at)) DESC, id DESC);

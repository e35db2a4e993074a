-- CreateTable
CREATE TABLE "mandate" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "mandate_ref" TEXT NOT NULL,
    "order_ref" TEXT,
    "order_id" UUID,
    "status" TEXT NOT NULL,
    "provider_status" TEXT,
    "mandate_type" TEXT,
    "frequency" TEXT,
    "amount_rule" TEXT,
    "max_amount_minor" BIGINT,
    "currency" CHAR(3),
    "customer_ref" TEXT,
    "method_type" TEXT,
    "method" TEXT,
    "revocable" BOOLEAN,
    "blocks_funds" BOOLEAN,
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "activated_at" TIMESTAMPTZ(3),
    "notification_ref" TEXT,
    "notification_status" TEXT,
    "notification_amount_minor" BIGINT,
    "notification_debit_at" TIMESTAMPTZ(3),
    "notification_at" TIMESTAMPTZ(3),
    "stated_at" JSONB NOT NULL DEFAULT '{}',
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mandate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dispute" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "dispute_ref" TEXT NOT NULL,
    "order_ref" TEXT,
    "txn_ref" TEXT,
    "order_id" UUID,
    "status" TEXT NOT NULL,
    "provider_status" TEXT,
    "amount_minor" BIGINT,
    "currency" CHAR(3),
    "reason" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "stated_at" JSONB NOT NULL DEFAULT '{}',
    "event_id" UUID NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dispute_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mandate_merchant_account_id_order_id_idx" ON "mandate"("merchant_account_id", "order_id");

-- CreateIndex
CREATE UNIQUE INDEX "mandate_merchant_account_id_mandate_ref_key" ON "mandate"("merchant_account_id", "mandate_ref");

-- CreateIndex
CREATE INDEX "dispute_merchant_account_id_order_id_idx" ON "dispute"("merchant_account_id", "order_id");

-- CreateIndex
CREATE UNIQUE INDEX "dispute_merchant_account_id_dispute_ref_key" ON "dispute"("merchant_account_id", "dispute_ref");

-- AddForeignKey
ALTER TABLE "mandate" ADD CONSTRAINT "mandate_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dispute" ADD CONSTRAINT "dispute_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: disputes whose order we have not heard of, by its reference as Juspay compares it, without regard to case. Every
-- new order is looked up here, so the index holds only those that wait: almost always none.
CREATE INDEX dispute_waiting_idx ON dispute (merchant_account_id, lower(order_ref)) WHERE order_id IS NULL;

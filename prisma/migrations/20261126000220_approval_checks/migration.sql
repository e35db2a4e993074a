-- CreateIndex
CREATE INDEX "refund_request_asker_idx" ON "refund_request"("merchant_account_id", "requested_by", "requested_at");

-- By hand: a customer's orders, for what an approver is told (store/approval-context.ts).
CREATE INDEX orders_customer_idx ON orders (merchant_account_id, customer_ref, created_at DESC) WHERE customer_ref IS NOT NULL;

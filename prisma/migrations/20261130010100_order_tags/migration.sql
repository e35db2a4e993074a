-- Short words that people put on orders to find them again.
CREATE TABLE "order_tag" (
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,
    "added_by" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_tag_pkey" PRIMARY KEY ("merchant_account_id", "order_id", "tag")
);

CREATE INDEX "order_tag_tag_idx" ON "order_tag"("merchant_account_id", "tag", "order_id");

ALTER TABLE "order_tag" ADD CONSTRAINT "order_tag_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "order_tag" ADD CONSTRAINT "order_tag_added_by_fkey" FOREIGN KEY ("added_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand.
ALTER TABLE order_tag ADD CONSTRAINT order_tag_tag_check CHECK (length(tag) BETWEEN 1 AND 32);

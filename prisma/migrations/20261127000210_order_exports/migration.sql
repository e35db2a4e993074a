-- CreateTable
CREATE TABLE "order_export" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "request_key" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "file_name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "expected" INTEGER NOT NULL,
    "written" INTEGER NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "as_of" TIMESTAMPTZ(3),
    "sha256" TEXT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),

    CONSTRAINT "order_export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_chunk" (
    "export_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "export_chunk_pkey" PRIMARY KEY ("export_id","seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "order_export_merchant_account_id_user_id_request_key_key" ON "order_export"("merchant_account_id", "user_id", "request_key");

-- CreateIndex
CREATE INDEX "order_export_merchant_account_id_user_id_created_at_idx" ON "order_export"("merchant_account_id", "user_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "order_export_expires_at_idx" ON "order_export"("expires_at");

-- AddForeignKey
ALTER TABLE "order_export" ADD CONSTRAINT "order_export_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_export" ADD CONSTRAINT "order_export_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_chunk" ADD CONSTRAINT "export_chunk_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "order_export"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand: what waits to be made, for the job that looks every few seconds.
CREATE INDEX "order_export_waiting_idx" ON "order_export"("created_at") WHERE "status" = 'waiting';

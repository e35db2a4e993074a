-- CreateTable
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "shared" BOOLEAN NOT NULL DEFAULT false,
    "state" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "list_preference" (
    "user_id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "list_preference_pkey" PRIMARY KEY ("user_id","merchant_account_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_merchant_account_id_owner_id_name_key" ON "saved_view"("merchant_account_id", "owner_id", "name");

-- CreateIndex
CREATE INDEX "saved_view_merchant_account_id_shared_idx" ON "saved_view"("merchant_account_id", "shared");

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "staff_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "list_preference" ADD CONSTRAINT "list_preference_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

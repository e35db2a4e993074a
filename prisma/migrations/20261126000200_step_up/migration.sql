-- AlterTable
ALTER TABLE "staff_session" ADD COLUMN "stepped_up_at" TIMESTAMPTZ(3),
ADD COLUMN "replaced_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sign_in_try" (
    "id" BIGSERIAL NOT NULL,
    "email" TEXT NOT NULL,
    "ip" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_try_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sign_in_try_email_at_idx" ON "sign_in_try"("email", "at");

-- CreateIndex
CREATE INDEX "sign_in_try_ip_at_idx" ON "sign_in_try"("ip", "at");

-- CreateIndex
CREATE INDEX "sign_in_try_at_idx" ON "sign_in_try"("at");

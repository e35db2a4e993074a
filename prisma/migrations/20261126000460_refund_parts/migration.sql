-- AlterTable
ALTER TABLE "refund" ADD COLUMN "txn_ref" TEXT,
ADD COLUMN "parts" JSONB NOT NULL DEFAULT '[]';

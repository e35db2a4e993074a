-- AlterTable
ALTER TABLE "merchant_account" ADD COLUMN "auth_mode" TEXT NOT NULL DEFAULT 'basic';

-- CreateTable
CREATE TABLE "merchant_key" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "key_id" TEXT,
    "fingerprint" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "sealed_private_key" BYTEA,
    "juspay_public_key" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "activated_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "merchant_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "merchant_key_merchant_account_id_purpose_fingerprint_key" ON "merchant_key"("merchant_account_id", "purpose", "fingerprint");

-- AddForeignKey
ALTER TABLE "merchant_key" ADD CONSTRAINT "merchant_key_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE merchant_account ADD CONSTRAINT merchant_account_auth_mode_check CHECK (auth_mode IN ('basic', 'jwe'));
ALTER TABLE merchant_key
  ADD CONSTRAINT merchant_key_purpose_check CHECK (purpose IN ('payload', 'jwe')),
  ADD CONSTRAINT merchant_key_state_check CHECK (state IN ('waiting', 'current', 'previous', 'retired')),
  -- What signs needs its private half and the id Juspay knows it by; what is retired keeps no private half.
  ADD CONSTRAINT merchant_key_active_check
    CHECK (state NOT IN ('current', 'previous') OR (key_id IS NOT NULL AND sealed_private_key IS NOT NULL)),
  ADD CONSTRAINT merchant_key_retired_check CHECK (state <> 'retired' OR sealed_private_key IS NULL),
  ADD CONSTRAINT merchant_key_counterpart_check
    CHECK (purpose <> 'jwe' OR state NOT IN ('current', 'previous') OR juspay_public_key IS NOT NULL);
-- One of each kind: a rotation has two active keys, never three.
CREATE UNIQUE INDEX merchant_key_state_key ON merchant_key (merchant_account_id, purpose, state)
  WHERE state IN ('waiting', 'current', 'previous');

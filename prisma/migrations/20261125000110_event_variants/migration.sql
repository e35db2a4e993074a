-- Juspay sent another body under the same id: both are kept and marked, and the order status API decides (W6).
ALTER TABLE "webhook_event" ADD COLUMN "variant" BOOLEAN NOT NULL DEFAULT false;

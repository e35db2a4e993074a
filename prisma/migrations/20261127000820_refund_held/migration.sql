-- Why the sender put a refund off, for people who find it waiting. May be null, so nothing is rewritten.
ALTER TABLE "refund" ADD COLUMN "held_why" TEXT;

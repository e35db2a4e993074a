-- AlterTable
ALTER TABLE "invariant_violation" ADD COLUMN "stopped_at" TIMESTAMPTZ(3);

-- By hand: broken invariants for which refunds have not been stopped yet; none, most of the time.
CREATE INDEX invariant_violation_to_stop_idx ON invariant_violation (first_seen_at)
  WHERE breach AND stopped_at IS NULL AND cleared_at IS NULL;

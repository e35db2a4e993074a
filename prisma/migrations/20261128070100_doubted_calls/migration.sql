-- When a call left of which nobody knows whether it arrived. A later call that Juspay refuses says nothing about that one:
-- the refund is not given up while it may still be on its way. What is unknown now is taken for such a call.
ALTER TABLE refund ADD COLUMN doubted_at timestamptz(3);
UPDATE refund SET doubted_at = last_sent_at WHERE status = 'unknown';

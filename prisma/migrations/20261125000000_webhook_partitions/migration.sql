-- By hand, all of it: Prisma has no word for partitions.
--
-- Webhook events are kept in partitions, so that the cost of receiving one stays flat as the table grows and old ones
-- go by dropping a table instead of deleting rows. A partition is named by `bucket`: the month (yyyymm) in which Juspay
-- dates the event, or 0 for events without a usable date. The bucket is a function of the bytes, as is the id, so a
-- repeated delivery always meets its first one, whenever it comes: the primary key is the dedupe.

ALTER TABLE webhook_event RENAME TO webhook_event_old;
ALTER TABLE webhook_event_old RENAME CONSTRAINT webhook_event_pkey TO webhook_event_old_pkey;
DROP INDEX "webhook_event_merchant_account_id_received_at_id_idx", "webhook_event_merchant_account_id_xid_seq_idx", webhook_event_queue_idx;

CREATE TABLE webhook_event (
    "id" UUID NOT NULL,
    "bucket" INTEGER NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "body_sha256" BYTEA NOT NULL,
    "body" BYTEA NOT NULL,
    "headers" JSONB NOT NULL,
    "remote_address" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivery_count" INTEGER NOT NULL DEFAULT 1,
    "last_received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" TEXT NOT NULL DEFAULT 'received',
    "outcome" TEXT,
    "event_ref" TEXT,
    "event_name" TEXT,
    "family" TEXT,
    "occurred_at" TIMESTAMPTZ(3),
    "order_ref" TEXT,
    "order_key" TEXT,
    "order_id" UUID,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "error" TEXT,
    "processed_at" TIMESTAMPTZ(3),
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "seq" BIGINT NOT NULL DEFAULT nextval('live_seq'::regclass),

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("id", "bucket"),
    CONSTRAINT webhook_event_status_check CHECK (status IN ('received', 'processed', 'ignored', 'failed', 'dead')),
    CONSTRAINT webhook_event_body_check CHECK (length(body) <= 2097152)
) PARTITION BY LIST (bucket);

ALTER TABLE webhook_event ADD CONSTRAINT "webhook_event_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id")
  REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Bytes go beside the row, uncompressed: compressing costs more than half of what receiving an event costs, and the
-- update that notes the outcome then rewrites a few hundred bytes instead of the whole body.
ALTER TABLE webhook_event ALTER COLUMN body SET STORAGE EXTERNAL;

-- What a new event is entered into: its key, the list, the feed and the queue. The others are partial and hold it only
-- once processing has given it an order or an outcome that is looked for.
CREATE INDEX "webhook_event_merchant_account_id_received_at_id_idx" ON webhook_event (merchant_account_id, received_at DESC, id DESC);
CREATE INDEX "webhook_event_merchant_account_id_xid_seq_idx" ON webhook_event (merchant_account_id, xid, seq);
-- The processor's queue: only open work is indexed, so it stays small as the table grows.
CREATE INDEX webhook_event_queue_idx ON webhook_event (next_try_at, seq) WHERE next_try_at IS NOT NULL;
CREATE INDEX webhook_event_order_idx ON webhook_event (merchant_account_id, order_id, received_at DESC) WHERE order_id IS NOT NULL;
-- What needs a look.
CREATE INDEX webhook_event_trouble_idx ON webhook_event (merchant_account_id, status, received_at DESC, id DESC)
  WHERE status IN ('failed', 'dead', 'ignored');
-- Open events of an order: what has arrived and is not yet applied.
CREATE INDEX webhook_event_open_order_idx ON webhook_event (merchant_account_id, order_key) WHERE next_try_at IS NOT NULL;

-- Months that stored events are from, the present one and the next three; later ones are made as time goes by
-- (server/store/webhook-partitions.ts). `bucket` of old events is what the receiver would give them.
CREATE FUNCTION webhook_bucket(at timestamptz) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (extract(year FROM at AT TIME ZONE 'UTC') * 100 + extract(month FROM at AT TIME ZONE 'UTC'))::integer
$$;

DO $$
DECLARE
  wanted integer;
BEGIN
  FOR wanted IN
    SELECT 0
    UNION SELECT webhook_bucket(now() + make_interval(months => n)) FROM generate_series(-1, 3) AS n
    UNION SELECT webhook_bucket(occurred_at) FROM webhook_event_old
      WHERE occurred_at BETWEEN now() - interval '1 year' AND now()
  LOOP
    EXECUTE format('CREATE TABLE webhook_event_%s PARTITION OF webhook_event FOR VALUES IN (%s)', wanted, wanted);
  END LOOP;
END $$;

-- Old events get the ids they would have now (server/store/webhook-events.ts, `eventIdOf`), and their changes follow.
CREATE TEMPORARY TABLE new_id ON COMMIT DROP AS
  SELECT id AS old_id, encode(substring(
    sha256(convert_to(merchant_account_id::text || E'\n' || dedupe_key || E'\n', 'UTF8') || body_sha256) FROM 1 FOR 16), 'hex')::uuid AS id
  FROM webhook_event_old;

INSERT INTO webhook_event (
  id, bucket, merchant_account_id, dedupe_key, body_sha256, body, headers, remote_address, received_at, delivery_count,
  last_received_at, status, outcome, event_ref, event_name, family, occurred_at, order_ref, order_key, order_id, tries,
  next_try_at, error, processed_at, xid, seq)
SELECT new_id.id,
  CASE WHEN occurred_at BETWEEN now() - interval '1 year' AND now() THEN webhook_bucket(occurred_at) ELSE 0 END,
  merchant_account_id, dedupe_key, body_sha256, body, headers, remote_address, received_at, delivery_count,
  last_received_at, status, outcome, event_ref, event_name, family, occurred_at, order_ref, lower(order_ref), order_id, tries,
  next_try_at, error, processed_at, xid, seq
FROM webhook_event_old JOIN new_id ON new_id.old_id = webhook_event_old.id;

UPDATE order_change SET source_id = new_id.id FROM new_id WHERE source = 'webhook' AND source_id = new_id.old_id;

DROP TABLE webhook_event_old;
DROP FUNCTION webhook_bucket(timestamptz);

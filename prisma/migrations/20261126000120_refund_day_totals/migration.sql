-- What an account and each of its people asked for and sent on one day in India: what daily limits are checked against.
CREATE TABLE "refund_day_total" (
    "merchant_account_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "person" UUID NOT NULL,
    "asked_minor" BIGINT NOT NULL DEFAULT 0,
    "asked_count" INTEGER NOT NULL DEFAULT 0,
    "sent_minor" BIGINT NOT NULL DEFAULT 0,
    "sent_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "refund_day_total_pkey" PRIMARY KEY ("merchant_account_id","day","person")
);

-- By hand from here on. Totals are kept by triggers in the transaction of each change, whoever makes it, so that they
-- always equal the sums of the rows. India has one offset all year.
ALTER TABLE refund_day_total
  ADD CONSTRAINT refund_day_total_amounts_check CHECK (asked_minor >= 0 AND asked_count >= 0 AND sent_minor >= 0 AND sent_count >= 0);

CREATE FUNCTION day_in_india(at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
  SELECT ((at AT TIME ZONE 'UTC') + interval '5 hours 30 minutes')::date
$$;

-- The account's own row has a person of zeros. It is always locked first.
CREATE FUNCTION add_to_refund_day(account uuid, at timestamptz, requester uuid, asked bigint, asked_n int, sent bigint, sent_n int)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  holder uuid;
BEGIN
  FOREACH holder IN ARRAY ARRAY['00000000-0000-0000-0000-000000000000'::uuid, requester] LOOP
    -- The row first: a new one with a negative sum would break its CHECK before it became an addition.
    INSERT INTO refund_day_total (merchant_account_id, day, person) VALUES (account, day_in_india(at), holder)
      ON CONFLICT DO NOTHING;
    UPDATE refund_day_total SET asked_minor = asked_minor + asked, asked_count = asked_count + asked_n,
        sent_minor = sent_minor + sent, sent_count = sent_count + sent_n
      WHERE merchant_account_id = account AND day = day_in_india(at) AND person = holder;
  END LOOP;
END $$;

-- A request counts on the day it was made, unless it was closed without a refund.
CREATE FUNCTION count_refund_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted_before boolean := TG_OP = 'UPDATE' AND OLD.status IN ('pending_approval', 'approved');
  counted_now boolean := NEW.status IN ('pending_approval', 'approved');
BEGIN
  IF counted_now AND NOT counted_before THEN
    PERFORM add_to_refund_day(NEW.merchant_account_id, NEW.requested_at, NEW.requested_by, NEW.amount_minor, 1, 0, 0);
  ELSIF counted_before AND NOT counted_now THEN
    PERFORM add_to_refund_day(NEW.merchant_account_id, NEW.requested_at, NEW.requested_by, -NEW.amount_minor, -1, 0, 0);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_request_counted AFTER INSERT OR UPDATE OF status ON refund_request
  FOR EACH ROW EXECUTE FUNCTION count_refund_request();

-- A refund counts on the day it was first sent, once, however often it is sent again.
CREATE FUNCTION count_refund_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM add_to_refund_day(NEW.merchant_account_id, NEW.first_sent_at, q.requested_by, 0, 0, NEW.amount_minor, 1)
    FROM refund_request q WHERE q.id = NEW.refund_request_id;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_sent_counted AFTER UPDATE OF first_sent_at ON refund FOR EACH ROW
  WHEN (OLD.first_sent_at IS NULL AND NEW.first_sent_at IS NOT NULL AND NEW.origin = 'paydesk')
  EXECUTE FUNCTION count_refund_sent();
CREATE TRIGGER refund_inserted_sent_counted AFTER INSERT ON refund FOR EACH ROW
  WHEN (NEW.first_sent_at IS NOT NULL AND NEW.origin = 'paydesk')
  EXECUTE FUNCTION count_refund_sent();

-- What was made before counts as well.
INSERT INTO refund_day_total (merchant_account_id, day, person, asked_minor, asked_count)
  SELECT merchant_account_id, day_in_india(requested_at), coalesce(requested_by, '00000000-0000-0000-0000-000000000000'),
    sum(amount_minor), count(*)
  FROM refund_request WHERE status IN ('pending_approval', 'approved')
  GROUP BY GROUPING SETS ((merchant_account_id, day_in_india(requested_at), requested_by), (merchant_account_id, day_in_india(requested_at)));
INSERT INTO refund_day_total (merchant_account_id, day, person, sent_minor, sent_count)
  SELECT r.merchant_account_id, day_in_india(r.first_sent_at), coalesce(q.requested_by, '00000000-0000-0000-0000-000000000000'),
    sum(r.amount_minor), count(*)
  FROM refund r JOIN refund_request q ON q.id = r.refund_request_id
  WHERE r.origin = 'paydesk' AND r.first_sent_at IS NOT NULL
  GROUP BY GROUPING SETS ((r.merchant_account_id, day_in_india(r.first_sent_at), q.requested_by), (r.merchant_account_id, day_in_india(r.first_sent_at)))
ON CONFLICT (merchant_account_id, day, person) DO UPDATE
  SET sent_minor = excluded.sent_minor, sent_count = excluded.sent_count;

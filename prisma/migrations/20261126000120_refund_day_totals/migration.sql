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

-- What one statement adds to days, summed: a thousand rows in one statement are one change of each total. The account's
-- own row has a person of zeros; rows are locked in one order, whoever adds.
CREATE TYPE refund_day_change AS (merchant_account_id uuid, day date, person uuid, asked_minor bigint, asked_count int,
  sent_minor bigint, sent_count int);
CREATE FUNCTION add_to_refund_days(changes refund_day_change[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF changes IS NULL THEN RETURN; END IF;
  INSERT INTO refund_day_total (merchant_account_id, day, person)
    SELECT c.merchant_account_id, c.day, c.person FROM unnest(changes) AS c ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;
  PERFORM 1 FROM refund_day_total t JOIN unnest(changes) AS c USING (merchant_account_id, day, person)
    ORDER BY t.merchant_account_id, t.day, t.person FOR UPDATE OF t;
  UPDATE refund_day_total t SET asked_minor = t.asked_minor + c.asked_minor, asked_count = t.asked_count + c.asked_count,
      sent_minor = t.sent_minor + c.sent_minor, sent_count = t.sent_count + c.sent_count
    FROM unnest(changes) AS c
    WHERE t.merchant_account_id = c.merchant_account_id AND t.day = c.day AND t.person = c.person;
END $$;

-- A request counts on the day it was made, unless it was closed without a refund.
CREATE FUNCTION refund_request_counts(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT status IN ('pending_approval', 'approved')
$$;
CREATE FUNCTION count_new_refund_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM add_to_refund_days(array_agg(change)) FROM (
    SELECT (merchant_account_id, day_in_india(requested_at), coalesce(requested_by, '00000000-0000-0000-0000-000000000000'),
      sum(amount_minor), count(*), 0, 0)::refund_day_change AS change
    FROM made WHERE refund_request_counts(status)
    GROUP BY GROUPING SETS ((merchant_account_id, day_in_india(requested_at), requested_by),
      (merchant_account_id, day_in_india(requested_at)))) AS sums;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_requests_made_counted AFTER INSERT ON refund_request
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_new_refund_requests();

CREATE FUNCTION count_changed_refund_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM add_to_refund_days(array_agg(change)) FROM (
    SELECT (merchant_account_id, day, coalesce(requested_by, '00000000-0000-0000-0000-000000000000'),
      sum(sign * amount_minor), sum(sign), 0, 0)::refund_day_change AS change
    FROM (SELECT n.merchant_account_id, day_in_india(n.requested_at) AS day, n.requested_by, n.amount_minor,
            CASE WHEN refund_request_counts(n.status) THEN 1 ELSE -1 END AS sign
          FROM before o JOIN after n USING (id)
          WHERE refund_request_counts(o.status) <> refund_request_counts(n.status)) AS moved
    GROUP BY GROUPING SETS ((merchant_account_id, day, requested_by), (merchant_account_id, day))) AS sums;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_requests_changed_counted AFTER UPDATE ON refund_request
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_changed_refund_requests();

-- A refund counts on the day it was first sent, once, however often it is sent again.
CREATE FUNCTION count_sent_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM add_to_refund_days(array_agg(change)) FROM (
    SELECT (s.merchant_account_id, day_in_india(s.first_sent_at), coalesce(q.requested_by, '00000000-0000-0000-0000-000000000000'),
      0, 0, sum(s.amount_minor), count(*))::refund_day_change AS change
    FROM after s LEFT JOIN before o USING (id) JOIN refund_request q ON q.id = s.refund_request_id
    WHERE s.origin = 'paydesk' AND s.first_sent_at IS NOT NULL AND o.first_sent_at IS NULL
    GROUP BY GROUPING SETS ((s.merchant_account_id, day_in_india(s.first_sent_at), q.requested_by),
      (s.merchant_account_id, day_in_india(s.first_sent_at)))) AS sums;
  RETURN NULL;
END $$;
CREATE TRIGGER refunds_sent_counted AFTER UPDATE ON refund
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_sent_refunds();
CREATE FUNCTION count_refunds_stored_as_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM add_to_refund_days(array_agg(change)) FROM (
    SELECT (s.merchant_account_id, day_in_india(s.first_sent_at), coalesce(q.requested_by, '00000000-0000-0000-0000-000000000000'),
      0, 0, sum(s.amount_minor), count(*))::refund_day_change AS change
    FROM made s JOIN refund_request q ON q.id = s.refund_request_id
    WHERE s.origin = 'paydesk' AND s.first_sent_at IS NOT NULL
    GROUP BY GROUPING SETS ((s.merchant_account_id, day_in_india(s.first_sent_at), q.requested_by),
      (s.merchant_account_id, day_in_india(s.first_sent_at)))) AS sums;
  RETURN NULL;
END $$;
CREATE TRIGGER refunds_stored_as_sent_counted AFTER INSERT ON refund
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION count_refunds_stored_as_sent();

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

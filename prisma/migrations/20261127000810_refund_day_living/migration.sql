-- By hand. What counts against a day's limits is what can still be paid, in the account's own currency: a refund that
-- failed or was refused gives back what it took of the day it was asked for and of the day it was sent, under the same
-- locks, and takes it again if it succeeds after all. Minor units of another currency are not added up; such a refund
-- counts as one. What was counted before this stays counted: stricter, and over with the day.
CREATE FUNCTION refund_is_over_unpaid(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT status IN ('failed', 'rejected')
$$;

-- Whether a request counts: it waits, or was approved and not all tries of it came to nothing.
CREATE FUNCTION refund_request_lives(status text, tries boolean[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT status = 'pending_approval' OR (status = 'approved' AND (tries IS NULL OR NOT (true = ALL (tries))))
$$;

-- The moves of one statement, summed by day and person and for the account, in one call: their rows are locked in one order.
CREATE TYPE refund_day_move AS (merchant_account_id uuid, at timestamptz, person uuid, amount_minor bigint, currency text,
  asked int, sent int);
CREATE FUNCTION move_refund_days(moves refund_day_move[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF moves IS NULL THEN RETURN; END IF;
  PERFORM add_to_refund_days(array_agg(change)) FROM (
    SELECT (m.merchant_account_id, day_in_india(m.at), coalesce(m.person, '00000000-0000-0000-0000-000000000000'),
      coalesce(sum(m.asked * m.amount_minor) FILTER (WHERE m.currency = a.currency), 0), sum(m.asked),
      coalesce(sum(m.sent * m.amount_minor) FILTER (WHERE m.currency = a.currency), 0), sum(m.sent))::refund_day_change AS change
    FROM unnest(moves) AS m JOIN merchant_account a ON a.id = m.merchant_account_id
    GROUP BY GROUPING SETS ((m.merchant_account_id, day_in_india(m.at), m.person),
      (m.merchant_account_id, day_in_india(m.at)))) AS sums;
END $$;

CREATE OR REPLACE FUNCTION count_new_refund_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM move_refund_days(array_agg((merchant_account_id, requested_at, requested_by, amount_minor, currency, 1, 0)::refund_day_move))
    FROM made WHERE refund_request_counts(status);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_changed_refund_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM move_refund_days(array_agg((merchant_account_id, requested_at, requested_by, amount_minor, currency,
      CASE WHEN now_lives THEN 1 ELSE -1 END, 0)::refund_day_move))
    FROM (SELECT n.*, refund_request_lives(o.status, tries.over) AS lived, refund_request_lives(n.status, tries.over) AS now_lives
      FROM before o JOIN after n USING (id)
      CROSS JOIN LATERAL (SELECT array_agg(refund_is_over_unpaid(r.status)) AS over FROM refund r
        WHERE r.refund_request_id = n.id) AS tries
      WHERE o.status <> n.status) AS moved
    WHERE lived <> now_lives;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_sent_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM move_refund_days(array_agg(move)) FROM (
    -- Sent for the first time, over without payment, or paid after all: it counts on the day of its first sending.
    SELECT (n.merchant_account_id, n.first_sent_at, q.requested_by, n.amount_minor, n.currency, 0,
        CASE WHEN refund_is_over_unpaid(n.status) THEN -1 ELSE 1 END)::refund_day_move AS move
      FROM before o JOIN after n USING (id) JOIN refund_request q ON q.id = n.refund_request_id
      WHERE n.origin = 'paydesk' AND n.first_sent_at IS NOT NULL
        AND (o.first_sent_at IS NOT NULL AND NOT refund_is_over_unpaid(o.status)) <> (NOT refund_is_over_unpaid(n.status))
    UNION ALL
    -- The request behind it, when with this try the last one is over, or the first one lives again.
    SELECT (q.merchant_account_id, q.requested_at, q.requested_by, q.amount_minor, q.currency,
        CASE WHEN refund_request_lives(q.status, tries.over) THEN 1 ELSE -1 END, 0)::refund_day_move
      FROM (SELECT DISTINCT n.refund_request_id AS id FROM before o JOIN after n USING (id)
        WHERE n.refund_request_id IS NOT NULL AND refund_is_over_unpaid(o.status) <> refund_is_over_unpaid(n.status)) AS touched
      JOIN refund_request q USING (id)
      CROSS JOIN LATERAL (SELECT array_agg(refund_is_over_unpaid(r.status)) AS over,
          array_agg(refund_is_over_unpaid(coalesce(o.status, r.status))) AS was_over
        FROM refund r LEFT JOIN before o ON o.id = r.id WHERE r.refund_request_id = q.id) AS tries
      WHERE refund_request_lives(q.status, tries.over) <> refund_request_lives(q.status, tries.was_over)) AS moves;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_refunds_stored_as_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM move_refund_days(array_agg(move)) FROM (
    SELECT (n.merchant_account_id, n.first_sent_at, q.requested_by, n.amount_minor, n.currency, 0, 1)::refund_day_move AS move
      FROM made n JOIN refund_request q ON q.id = n.refund_request_id
      WHERE n.origin = 'paydesk' AND n.first_sent_at IS NOT NULL AND NOT refund_is_over_unpaid(n.status)
    UNION ALL
    -- A new try of a request whose earlier ones came to nothing.
    SELECT (q.merchant_account_id, q.requested_at, q.requested_by, q.amount_minor, q.currency,
        CASE WHEN refund_request_lives(q.status, tries.over) THEN 1 ELSE -1 END, 0)::refund_day_move
      FROM (SELECT DISTINCT refund_request_id AS id FROM made WHERE refund_request_id IS NOT NULL) AS touched
      JOIN refund_request q USING (id)
      CROSS JOIN LATERAL (SELECT array_agg(refund_is_over_unpaid(r.status)) AS over,
          array_agg(refund_is_over_unpaid(r.status)) FILTER (WHERE NOT EXISTS (SELECT FROM made m WHERE m.id = r.id)) AS was_over
        FROM refund r WHERE r.refund_request_id = q.id) AS tries
      WHERE refund_request_lives(q.status, tries.over) <> refund_request_lives(q.status, tries.was_over)) AS moves;
  RETURN NULL;
END $$;

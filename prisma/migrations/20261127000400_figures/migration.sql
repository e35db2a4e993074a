-- Payments and refunds counted in slots: what the overview shows, so that no screen counts orders one by one.

-- CreateTable
CREATE TABLE "figure_change" (
    "id" BIGSERIAL NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "gateway" TEXT NOT NULL,
    "method_type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "shown" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "amount_minor" DECIMAL(30,0) NOT NULL,
    "charged_minor" DECIMAL(30,0) NOT NULL,
    "refunded_minor" DECIMAL(30,0) NOT NULL,

    CONSTRAINT "figure_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "figure_slot" (
    "merchant_account_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "span_seconds" INTEGER NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "gateway" TEXT NOT NULL,
    "method_type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "shown" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "amount_minor" DECIMAL(30,0) NOT NULL,
    "charged_minor" DECIMAL(30,0) NOT NULL,
    "refunded_minor" DECIMAL(30,0) NOT NULL,

    CONSTRAINT "figure_slot_pkey" PRIMARY KEY ("merchant_account_id","kind","span_seconds","slot","currency","gateway","method_type","outcome","shown")
);

-- CreateTable
CREATE TABLE "figure_check" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "merchant_account_id" UUID,
    "day" TIMESTAMPTZ(3),
    "runs" BIGINT NOT NULL DEFAULT 0,
    "checked_at" TIMESTAMPTZ(3),
    "pass_ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "figure_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "figure_difference" (
    "merchant_account_id" UUID NOT NULL,
    "day" TIMESTAMPTZ(3) NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "rows" INTEGER NOT NULL,

    CONSTRAINT "figure_difference_pkey" PRIMARY KEY ("merchant_account_id","found_at","day")
);

-- ── By hand ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- The one place of the standing check: whoever takes its due time checks.
ALTER TABLE figure_check ADD CONSTRAINT figure_check_one_row CHECK (id = 1);
INSERT INTO figure_check (due_at) VALUES ('2000-01-01');
ALTER TABLE figure_slot ADD CONSTRAINT figure_slot_span_check CHECK (span_seconds IN (900, 10800, 86400));

-- Changes come and go all day: what is dead is taken out early, so that reading them stays a matter of a few pages.
ALTER TABLE figure_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0);
-- Slots are counted up in place; the room for that keeps the key's index out of it.
ALTER TABLE figure_slot SET (fillfactor = 80);

-- Refunds that succeeded, by when they did.
CREATE INDEX refund_succeeded_at_idx ON refund (merchant_account_id, (coalesce(settled_at, created_at)))
  WHERE status = 'succeeded';

-- Slots begin where the day in India begins, which has one offset all year: 15 min, 3 h and a day fit into each other.
CREATE FUNCTION figure_slot_of(at timestamptz, span_seconds integer) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
  SELECT date_bin(make_interval(secs => span_seconds), at, '2000-01-01 00:00:00+05:30'::timestamptz)
$$;

-- What a statement does to orders is noted beside it, in its transaction, whoever makes it: a row for every group that it
-- changes, by how much. Notes are only ever added, so that writers never wait for each other; a job folds them into slots.
-- A figure is the slots and the notes together, read by one statement.
CREATE FUNCTION note_order_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO figure_change (merchant_account_id, kind, slot, currency, gateway, method_type, outcome, shown,
        count, amount_minor, charged_minor, refunded_minor)
      SELECT merchant_account_id, 'order', figure_slot_of(created_at, 900), currency, coalesce(gateway, ''),
        coalesce(method_type, ''), payment_status, display_status,
        count(*), sum(amount_minor), sum(charged_minor), sum(refunded_minor + external_refunded_minor)
      FROM after GROUP BY 1, 3, 4, 5, 6, 7, 8;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO figure_change (merchant_account_id, kind, slot, currency, gateway, method_type, outcome, shown,
        count, amount_minor, charged_minor, refunded_minor)
      SELECT merchant_account_id, 'order', figure_slot_of(created_at, 900), currency, coalesce(gateway, ''),
        coalesce(method_type, ''), payment_status, display_status,
        -count(*), -sum(amount_minor), -sum(charged_minor), -sum(refunded_minor + external_refunded_minor)
      FROM before GROUP BY 1, 3, 4, 5, 6, 7, 8;
  ELSE
    INSERT INTO figure_change (merchant_account_id, kind, slot, currency, gateway, method_type, outcome, shown,
        count, amount_minor, charged_minor, refunded_minor)
      SELECT merchant_account_id, 'order', figure_slot_of(created_at, 900), currency, coalesce(gateway, ''),
        coalesce(method_type, ''), payment_status, display_status,
        sum(sign), sum(sign * amount_minor), sum(sign * charged_minor), sum(sign * back_minor)
      FROM (
        SELECT 1 AS sign, merchant_account_id, created_at, currency, gateway, method_type, payment_status,
          display_status, amount_minor, charged_minor, refunded_minor + external_refunded_minor AS back_minor FROM after
        UNION ALL
        SELECT -1, merchant_account_id, created_at, currency, gateway, method_type, payment_status,
          display_status, amount_minor, charged_minor, refunded_minor + external_refunded_minor FROM before
      ) AS moved
      GROUP BY 1, 3, 4, 5, 6, 7, 8
      HAVING sum(sign) <> 0 OR sum(sign * amount_minor) <> 0 OR sum(sign * charged_minor) <> 0
        OR sum(sign * back_minor) <> 0;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER orders_made_noted AFTER INSERT ON orders
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_order_figures();
CREATE TRIGGER orders_changed_noted AFTER UPDATE ON orders
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_order_figures();
CREATE TRIGGER orders_gone_noted AFTER DELETE ON orders
  REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION note_order_figures();

-- The same of refunds that succeeded, by the moment they did. Refunds are never deleted.
CREATE FUNCTION note_refund_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO figure_change (merchant_account_id, kind, slot, currency, gateway, method_type, outcome, shown,
        count, amount_minor, charged_minor, refunded_minor)
      SELECT merchant_account_id, 'refund', figure_slot_of(coalesce(settled_at, created_at), 900), currency,
        coalesce(gateway, ''), '', status, origin, count(*), sum(amount_minor), 0, sum(amount_minor)
      FROM after WHERE status = 'succeeded' GROUP BY 1, 3, 4, 5, 7, 8;
  ELSE
    INSERT INTO figure_change (merchant_account_id, kind, slot, currency, gateway, method_type, outcome, shown,
        count, amount_minor, charged_minor, refunded_minor)
      SELECT merchant_account_id, 'refund', figure_slot_of(at, 900), currency, coalesce(gateway, ''), '',
        status, origin, sum(sign), sum(sign * amount_minor), 0, sum(sign * amount_minor)
      FROM (
        SELECT 1 AS sign, merchant_account_id, coalesce(settled_at, created_at) AS at, currency, gateway, status, origin,
          amount_minor FROM after WHERE status = 'succeeded'
        UNION ALL
        SELECT -1, merchant_account_id, coalesce(settled_at, created_at), currency, gateway, status, origin,
          amount_minor FROM before WHERE status = 'succeeded'
      ) AS moved
      GROUP BY 1, 3, 4, 5, 7, 8
      HAVING sum(sign) <> 0 OR sum(sign * amount_minor) <> 0;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER refunds_made_noted AFTER INSERT ON refund
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_refund_figures();
CREATE TRIGGER refunds_changed_noted AFTER UPDATE ON refund
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_refund_figures();

-- Held by whoever folds or recounts, until the end of the transaction: there is one at a time.
CREATE FUNCTION figure_lock() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 4627101::bigint $$;

-- Counts the orders and refunds of an account from one day's beginning to another's anew and puts the slots right. Answers
-- the slots that were different, before and after. Everything is one statement and so one view of the data: what is noted
-- beyond it is taken off, since it will be folded in later. Also how to fill the slots after rows were loaded with
-- triggers off: recount_figures(account, '-infinity', 'infinity').
CREATE FUNCTION recount_figures(account uuid, from_day timestamptz, to_day timestamptz)
RETURNS TABLE (kind text, span_seconds integer, slot timestamptz, currency char(3), gateway text, method_type text,
  outcome text, shown text, held_count bigint, counted_count bigint, held_minor numeric, counted_minor numeric)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM pg_advisory_xact_lock(figure_lock());
  RETURN QUERY WITH counted AS (
    SELECT 'order' AS kind, figure_slot_of(created_at, 900) AS slot, currency, coalesce(gateway, '') AS gateway,
      coalesce(method_type, '') AS method_type, payment_status AS outcome, display_status AS shown, count(*) AS count,
      sum(amount_minor) AS amount_minor, sum(charged_minor) AS charged_minor,
      sum(refunded_minor + external_refunded_minor) AS refunded_minor
    FROM orders WHERE merchant_account_id = account AND created_at >= from_day AND created_at < to_day
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT 'refund', figure_slot_of(coalesce(settled_at, created_at), 900), currency, coalesce(gateway, ''), '', status,
      origin, count(*), sum(amount_minor), 0, sum(amount_minor)
    FROM refund WHERE merchant_account_id = account AND status = 'succeeded'
      AND coalesce(settled_at, created_at) >= from_day AND coalesce(settled_at, created_at) < to_day
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT kind, slot, currency, gateway, method_type, outcome, shown, -count, -amount_minor, -charged_minor, -refunded_minor
    FROM figure_change WHERE merchant_account_id = account AND slot >= from_day AND slot < to_day
  ), target AS (
    SELECT kind, span.seconds AS span_seconds, figure_slot_of(slot, span.seconds) AS slot, currency, gateway, method_type,
      outcome, shown, sum(count)::bigint AS count, sum(amount_minor) AS amount_minor, sum(charged_minor) AS charged_minor,
      sum(refunded_minor) AS refunded_minor
    FROM counted CROSS JOIN (VALUES (900), (10800), (86400)) AS span (seconds)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    HAVING sum(count) <> 0 OR sum(amount_minor) <> 0 OR sum(charged_minor) <> 0 OR sum(refunded_minor) <> 0
  ), differing AS MATERIALIZED (
    SELECT kind, span_seconds, slot, currency, gateway, method_type, outcome, shown,
      held.count AS held_count, target.count AS counted_count,
      held.amount_minor AS held_minor, target.amount_minor AS counted_minor, target.charged_minor, target.refunded_minor
    FROM target FULL JOIN (
      SELECT * FROM figure_slot WHERE merchant_account_id = account AND slot >= from_day AND slot < to_day
    ) AS held USING (kind, span_seconds, slot, currency, gateway, method_type, outcome, shown)
    WHERE (target.count, target.amount_minor, target.charged_minor, target.refunded_minor)
      IS DISTINCT FROM (held.count, held.amount_minor, held.charged_minor, held.refunded_minor)
  ), gone AS (
    DELETE FROM figure_slot AS f USING differing AS d
    WHERE d.counted_count IS NULL AND f.merchant_account_id = account AND f.kind = d.kind
      AND f.span_seconds = d.span_seconds AND f.slot = d.slot AND f.currency = d.currency AND f.gateway = d.gateway
      AND f.method_type = d.method_type AND f.outcome = d.outcome AND f.shown = d.shown
  ), put AS (
    INSERT INTO figure_slot (merchant_account_id, kind, span_seconds, slot, currency, gateway, method_type, outcome, shown,
        count, amount_minor, charged_minor, refunded_minor)
      SELECT account, d.kind, d.span_seconds, d.slot, d.currency, d.gateway, d.method_type, d.outcome, d.shown,
        d.counted_count, d.counted_minor, d.charged_minor, d.refunded_minor
      FROM differing AS d WHERE d.counted_count IS NOT NULL
      ORDER BY 2, 3, 4, 5, 6, 7, 8, 9
      ON CONFLICT (merchant_account_id, kind, span_seconds, slot, currency, gateway, method_type, outcome, shown)
      DO UPDATE SET count = excluded.count, amount_minor = excluded.amount_minor,
        charged_minor = excluded.charged_minor, refunded_minor = excluded.refunded_minor
  )
  SELECT d.kind, d.span_seconds, d.slot, d.currency, d.gateway, d.method_type, d.outcome, d.shown,
    coalesce(d.held_count, 0), coalesce(d.counted_count, 0), coalesce(d.held_minor, 0), coalesce(d.counted_minor, 0)
  FROM differing AS d;
END $$;

-- Folds at most so many notes into the slots. Answers how many; null when somebody else is at it. Slots of which nothing
-- is left are taken out: payments move on from pending, and would leave an empty slot each.
CREATE FUNCTION fold_figures(limit_rows integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  taken integer;
  emptied figure_slot[];
BEGIN
  IF NOT pg_try_advisory_xact_lock(figure_lock()) THEN RETURN NULL; END IF;
  WITH notes AS (
    DELETE FROM figure_change WHERE id = ANY (ARRAY(SELECT id FROM figure_change ORDER BY id LIMIT limit_rows)) RETURNING *
  ), put AS (
    INSERT INTO figure_slot AS f (merchant_account_id, kind, span_seconds, slot, currency, gateway, method_type, outcome,
        shown, count, amount_minor, charged_minor, refunded_minor)
      SELECT merchant_account_id, kind, span.seconds, figure_slot_of(slot, span.seconds), currency, gateway, method_type,
        outcome, shown, sum(count), sum(amount_minor), sum(charged_minor), sum(refunded_minor)
      FROM notes CROSS JOIN (VALUES (900), (10800), (86400)) AS span (seconds)
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
      HAVING sum(count) <> 0 OR sum(amount_minor) <> 0 OR sum(charged_minor) <> 0 OR sum(refunded_minor) <> 0
      ON CONFLICT (merchant_account_id, kind, span_seconds, slot, currency, gateway, method_type, outcome, shown)
      DO UPDATE SET count = f.count + excluded.count, amount_minor = f.amount_minor + excluded.amount_minor,
        charged_minor = f.charged_minor + excluded.charged_minor, refunded_minor = f.refunded_minor + excluded.refunded_minor
      RETURNING f AS slot_row
  )
  SELECT (SELECT count(*) FROM notes),
    (SELECT array_agg(slot_row) FROM put WHERE (slot_row).count = 0 AND (slot_row).amount_minor = 0
      AND (slot_row).charged_minor = 0 AND (slot_row).refunded_minor = 0)
    INTO taken, emptied;
  DELETE FROM figure_slot AS f USING unnest(emptied) AS e
    WHERE f.merchant_account_id = e.merchant_account_id AND f.kind = e.kind AND f.span_seconds = e.span_seconds
      AND f.slot = e.slot AND f.currency = e.currency AND f.gateway = e.gateway AND f.method_type = e.method_type
      AND f.outcome = e.outcome AND f.shown = e.shown;
  RETURN taken;
END $$;

-- Rows that TRUNCATE takes out are not told to anybody.
CREATE FUNCTION forget_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(figure_lock());
  DELETE FROM figure_change WHERE kind = TG_ARGV[0];
  DELETE FROM figure_slot WHERE kind = TG_ARGV[0];
  RETURN NULL;
END $$;
CREATE TRIGGER orders_truncated_noted AFTER TRUNCATE ON orders
  FOR EACH STATEMENT EXECUTE FUNCTION forget_figures('order');
CREATE TRIGGER refunds_truncated_noted AFTER TRUNCATE ON refund
  FOR EACH STATEMENT EXECUTE FUNCTION forget_figures('refund');

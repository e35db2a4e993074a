-- What people want to be told of the rows of a view, and what was found the last time.
CREATE TABLE "view_alert" (
    "id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "view_id" UUID,
    "built_in" TEXT,
    "view_name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "threshold" INTEGER NOT NULL,
    "holds" BOOLEAN NOT NULL DEFAULT false,
    "rose_at" TIMESTAMPTZ(3),
    "rose_rows" INTEGER,
    "fell_at" TIMESTAMPTZ(3),
    "problem" TEXT,
    "problem_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "view_alert_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "view_alert_merchant_account_id_user_id_view_id_key" ON "view_alert"("merchant_account_id", "user_id", "view_id");
CREATE UNIQUE INDEX "view_alert_merchant_account_id_user_id_built_in_key" ON "view_alert"("merchant_account_id", "user_id", "built_in");
CREATE INDEX "view_alert_view_id_idx" ON "view_alert"("view_id");
CREATE INDEX "view_alert_due_at_idx" ON "view_alert"("due_at");

ALTER TABLE "view_alert" ADD CONSTRAINT "view_alert_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "view_alert" ADD CONSTRAINT "view_alert_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "view_alert" ADD CONSTRAINT "view_alert_view_id_fkey" FOREIGN KEY ("view_id") REFERENCES "saved_view"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- By hand.
ALTER TABLE view_alert ADD CONSTRAINT view_alert_view_check CHECK (num_nonnulls(view_id, built_in) <= 1);
ALTER TABLE view_alert ADD CONSTRAINT view_alert_rule_check CHECK (
    (kind = 'more_than' AND threshold BETWEEN 0 AND 999) OR (kind = 'oldest_over' AND threshold BETWEEN 1 AND 43200));
ALTER TABLE view_alert ADD CONSTRAINT view_alert_problem_check CHECK (
    problem IN ('too_slow', 'unreadable', 'gone', 'not_allowed', 'broken') AND (problem IS NULL) = (problem_at IS NULL));
ALTER TABLE view_alert ADD CONSTRAINT view_alert_rose_check CHECK (
    (rose_at IS NOT NULL OR (NOT holds AND rose_rows IS NULL AND fell_at IS NULL)) AND NOT (holds AND fell_at IS NOT NULL));

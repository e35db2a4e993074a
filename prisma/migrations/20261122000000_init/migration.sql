-- First migration. The tables come from schema.prisma; everything marked "by hand" below is what Prisma cannot say
-- and what the guarantees rest on. Migrations are append-only: never edit one that has run anywhere.

-- By hand: trigram search on orders.search_text. A trusted extension: needs no superuser since PostgreSQL 13.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- By hand: one sequence for webhook_event and live_change, so that (xid, seq) orders both tables together.
CREATE SEQUENCE live_seq;

-- CreateTable
CREATE TABLE "merchant_account" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "juspay_merchant_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "api_version" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL DEFAULT 'INR',
    "webhook_username" TEXT NOT NULL,
    "sealed_secrets" BYTEA NOT NULL,
    "merchant_key_id" TEXT,
    "return_page_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "merchant_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_user" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "disabled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_session" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "active_account_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_credential" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "user_id" UUID NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_verification" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "staff_verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "merchant_account_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("merchant_account_id","user_id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_ref" TEXT NOT NULL,
    "order_ref_key" TEXT NOT NULL,
    "provider_order_ref" TEXT,
    "currency" CHAR(3) NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "effective_amount_minor" BIGINT,
    "charged_minor" BIGINT NOT NULL DEFAULT 0,
    "reserved_minor" BIGINT NOT NULL DEFAULT 0,
    "refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "external_refunded_minor" BIGINT NOT NULL DEFAULT 0,
    "excess_minor" BIGINT NOT NULL DEFAULT 0,
    "provider_status" TEXT NOT NULL,
    "base_provider_status" TEXT,
    "payment_status" TEXT NOT NULL,
    "refund_state" TEXT NOT NULL DEFAULT 'none',
    "display_status" TEXT NOT NULL,
    "in_review" BOOLEAN NOT NULL DEFAULT false,
    "disputed" BOOLEAN NOT NULL DEFAULT false,
    "gateway" TEXT,
    "method_type" TEXT,
    "method" TEXT,
    "card_brand" TEXT,
    "card_last4" TEXT,
    "payer_vpa" TEXT,
    "gateway_ref" TEXT,
    "rrn" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "customer_ref" TEXT,
    "customer_name" TEXT,
    "customer_email" TEXT,
    "customer_phone" TEXT,
    "description" TEXT,
    "return_url" TEXT,
    "udf" JSONB NOT NULL DEFAULT '{}',
    "stated_at" JSONB NOT NULL DEFAULT '{}',
    "search_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at_stated" BOOLEAN NOT NULL DEFAULT false,
    "charged_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),
    "check_count" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "transaction" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "txn_ref" TEXT NOT NULL,
    "txn_uuid" TEXT,
    "provider_status" TEXT NOT NULL,
    "payment_status" TEXT NOT NULL,
    "amount_minor" BIGINT,
    "net_amount_minor" BIGINT,
    "gateway" TEXT,
    "gateway_id" INTEGER,
    "method_type" TEXT,
    "method" TEXT,
    "card_brand" TEXT,
    "card_last4" TEXT,
    "payer_vpa" TEXT,
    "gateway_ref" TEXT,
    "rrn" TEXT,
    "auth_code" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "stated_at" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund_policy" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "refund_policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund_request" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "client_key" TEXT NOT NULL,
    "request_hash" BYTEA NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT,
    "status" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "needs_approval" BOOLEAN NOT NULL,
    "policy_reason" TEXT NOT NULL,
    "approval_hash" BYTEA NOT NULL,
    "requested_by" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" UUID,
    "decided_at" TIMESTAMPTZ(3),
    "decision_note" TEXT,

    CONSTRAINT "refund_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "refund_request_id" UUID,
    "attempt_no" INTEGER NOT NULL DEFAULT 1,
    "unique_request_id" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "status" TEXT NOT NULL,
    "provider_status" TEXT,
    "sent_to_gateway" BOOLEAN NOT NULL DEFAULT false,
    "gateway" TEXT,
    "ref" TEXT,
    "arn" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "initiated_by" TEXT,
    "fence" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "send_count" INTEGER NOT NULL DEFAULT 0,
    "first_sent_at" TIMESTAMPTZ(3),
    "last_sent_at" TIMESTAMPTZ(3),
    "next_action_at" TIMESTAMPTZ(3),
    "check_count" INTEGER NOT NULL DEFAULT 0,
    "expected_credit_at" TIMESTAMPTZ(3),
    "provider_created_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_event" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
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
    "order_id" UUID,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "error" TEXT,
    "processed_at" TIMESTAMPTZ(3),
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "seq" BIGINT NOT NULL DEFAULT nextval('live_seq'::regclass),

    CONSTRAINT "webhook_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_rejection" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID,
    "slug" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "remote_address" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_rejection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "status_check" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "asked_by" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "took_ms" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "body" BYTEA,

    CONSTRAINT "status_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_change" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "source_id" UUID,
    "changes" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "discrepancy" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "ours" TEXT,
    "theirs" TEXT,
    "detail" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),
    "resolved_by" TEXT,
    "resolution" TEXT,

    CONSTRAINT "discrepancy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "live_change" (
    "seq" BIGINT NOT NULL DEFAULT nextval('live_seq'::regclass),
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "merchant_account_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "live_change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "merchant_account_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT NOT NULL,
    "ip" TEXT,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "merchant_account_slug_key" ON "merchant_account"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "staff_user_email_key" ON "staff_user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "staff_session_token_key" ON "staff_session"("token");

-- CreateIndex
CREATE INDEX "staff_session_user_id_idx" ON "staff_session"("user_id");

-- CreateIndex
CREATE INDEX "staff_credential_user_id_idx" ON "staff_credential"("user_id");

-- CreateIndex
CREATE INDEX "staff_verification_identifier_idx" ON "staff_verification"("identifier");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_secret_hash_key" ON "api_key"("secret_hash");

-- CreateIndex
CREATE INDEX "api_key_merchant_account_id_idx" ON "api_key"("merchant_account_id");

-- CreateIndex
CREATE INDEX "orders_merchant_account_id_created_at_id_idx" ON "orders"("merchant_account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_merchant_account_id_display_status_created_at_id_idx" ON "orders"("merchant_account_id", "display_status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_merchant_account_id_gateway_created_at_id_idx" ON "orders"("merchant_account_id", "gateway", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_merchant_account_id_method_type_created_at_id_idx" ON "orders"("merchant_account_id", "method_type", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_merchant_account_id_amount_minor_created_at_id_idx" ON "orders"("merchant_account_id", "amount_minor", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "orders_merchant_account_id_order_ref_key_key" ON "orders"("merchant_account_id", "order_ref_key");

-- CreateIndex
CREATE UNIQUE INDEX "orders_merchant_account_id_id_key" ON "orders"("merchant_account_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "transaction_merchant_account_id_order_id_txn_ref_key" ON "transaction"("merchant_account_id", "order_id", "txn_ref");

-- CreateIndex
CREATE UNIQUE INDEX "refund_policy_merchant_account_id_version_key" ON "refund_policy"("merchant_account_id", "version");

-- CreateIndex
CREATE INDEX "refund_request_merchant_account_id_status_requested_at_id_idx" ON "refund_request"("merchant_account_id", "status", "requested_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "refund_request_merchant_account_id_order_id_idx" ON "refund_request"("merchant_account_id", "order_id");

-- CreateIndex
CREATE UNIQUE INDEX "refund_request_merchant_account_id_client_key_key" ON "refund_request"("merchant_account_id", "client_key");

-- CreateIndex
CREATE UNIQUE INDEX "refund_request_merchant_account_id_id_key" ON "refund_request"("merchant_account_id", "id");

-- CreateIndex
CREATE INDEX "refund_merchant_account_id_created_at_id_idx" ON "refund"("merchant_account_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "refund_merchant_account_id_status_created_at_id_idx" ON "refund"("merchant_account_id", "status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "refund_merchant_account_id_order_id_unique_request_id_key" ON "refund"("merchant_account_id", "order_id", "unique_request_id");

-- CreateIndex
CREATE UNIQUE INDEX "refund_refund_request_id_attempt_no_key" ON "refund"("refund_request_id", "attempt_no");

-- CreateIndex
CREATE INDEX "webhook_event_merchant_account_id_received_at_id_idx" ON "webhook_event"("merchant_account_id", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_event_merchant_account_id_order_id_received_at_idx" ON "webhook_event"("merchant_account_id", "order_id", "received_at");

-- CreateIndex
CREATE INDEX "webhook_event_merchant_account_id_status_received_at_id_idx" ON "webhook_event"("merchant_account_id", "status", "received_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "webhook_event_merchant_account_id_xid_seq_idx" ON "webhook_event"("merchant_account_id", "xid", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_event_merchant_account_id_dedupe_key_body_sha256_key" ON "webhook_event"("merchant_account_id", "dedupe_key", "body_sha256");

-- CreateIndex
CREATE INDEX "webhook_rejection_merchant_account_id_at_idx" ON "webhook_rejection"("merchant_account_id", "at" DESC);

-- CreateIndex
CREATE INDEX "status_check_merchant_account_id_order_id_asked_at_idx" ON "status_check"("merchant_account_id", "order_id", "asked_at" DESC);

-- CreateIndex
CREATE INDEX "order_change_merchant_account_id_order_id_at_idx" ON "order_change"("merchant_account_id", "order_id", "at");

-- CreateIndex
CREATE INDEX "order_change_source_id_idx" ON "order_change"("source_id");

-- CreateIndex
CREATE INDEX "discrepancy_merchant_account_id_status_found_at_id_idx" ON "discrepancy"("merchant_account_id", "status", "found_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "live_change_merchant_account_id_xid_seq_idx" ON "live_change"("merchant_account_id", "xid", "seq");

-- CreateIndex
CREATE INDEX "live_change_at_idx" ON "live_change"("at");

-- CreateIndex
CREATE INDEX "audit_entry_merchant_account_id_id_idx" ON "audit_entry"("merchant_account_id", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_merchant_account_id_action_id_idx" ON "audit_entry"("merchant_account_id", "action", "id" DESC);

-- CreateIndex
CREATE INDEX "audit_entry_merchant_account_id_subject_kind_subject_id_id_idx" ON "audit_entry"("merchant_account_id", "subject_kind", "subject_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "staff_session" ADD CONSTRAINT "staff_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_credential" ADD CONSTRAINT "staff_credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transaction" ADD CONSTRAINT "transaction_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_policy" ADD CONSTRAINT "refund_policy_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_request" ADD CONSTRAINT "refund_request_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_request" ADD CONSTRAINT "refund_request_requested_by_fkey" FOREIGN KEY ("requested_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund_request" ADD CONSTRAINT "refund_request_decided_by_fkey" FOREIGN KEY ("decided_by") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_merchant_account_id_refund_request_id_fkey" FOREIGN KEY ("merchant_account_id", "refund_request_id") REFERENCES "refund_request"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_event" ADD CONSTRAINT "webhook_event_merchant_account_id_fkey" FOREIGN KEY ("merchant_account_id") REFERENCES "merchant_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "status_check" ADD CONSTRAINT "status_check_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_change" ADD CONSTRAINT "order_change_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "discrepancy" ADD CONSTRAINT "discrepancy_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- ── By hand: words that columns may hold ───────────────────────────────────────────────────────────────────────────

ALTER TABLE merchant_account
  ADD CONSTRAINT merchant_account_slug_check CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  ADD CONSTRAINT merchant_account_environment_check CHECK (environment IN ('sandbox', 'production')),
  ADD CONSTRAINT merchant_account_base_url_check CHECK (base_url ~ '^https?://[^/]+$');

ALTER TABLE membership
  ADD CONSTRAINT membership_role_check
  CHECK (role IN ('viewer', 'support', 'finance', 'approver', 'ops', 'developer', 'auditor', 'admin'));

-- One address is one person, whatever its case.
CREATE UNIQUE INDEX staff_user_email_lower_key ON staff_user (lower(email));

ALTER TABLE audit_entry
  ADD CONSTRAINT audit_entry_actor_kind_check CHECK (actor_kind IN ('user', 'system', 'provider', 'machine', 'anonymous')),
  ADD CONSTRAINT audit_entry_outcome_check CHECK (outcome IN ('done', 'refused'));

-- ── By hand: the balance of an order ───────────────────────────────────────────────────────────────────────────────
-- The last wall behind the row lock and the domain's arithmetic: whatever the code does, money promised or returned
-- cannot exceed money taken (invariant I1). excess_minor is only ever raised by what Juspay reports (a portal refund
-- that overtook ours), never by a request.

ALTER TABLE orders
  ADD CONSTRAINT orders_amounts_check CHECK (
    amount_minor >= 0 AND charged_minor >= 0 AND reserved_minor >= 0 AND refunded_minor >= 0
    AND external_refunded_minor >= 0 AND excess_minor >= 0 AND (effective_amount_minor IS NULL OR effective_amount_minor >= 0)
  ),
  ADD CONSTRAINT orders_balance_check CHECK (
    reserved_minor + refunded_minor + external_refunded_minor <= charged_minor + excess_minor
  ),
  ADD CONSTRAINT orders_payment_status_check CHECK (
    payment_status IN ('created', 'pending', 'authorised', 'charged', 'failed', 'voided', 'unknown')
  ),
  ADD CONSTRAINT orders_refund_state_check CHECK (refund_state IN ('none', 'partial', 'full')),
  ADD CONSTRAINT orders_display_status_check CHECK (
    display_status IN ('charged', 'pending', 'authorised', 'failed', 'refunded', 'partial', 'disputed', 'voided', 'review', 'unknown')
  ),
  -- Juspay treats order_id without regard to case: Abc1 and ABC1 are one order.
  ADD CONSTRAINT orders_ref_key_check CHECK (order_ref_key = lower(order_ref));

-- Free text search: contains-matching over references and customer words.
CREATE INDEX orders_search_idx ON orders USING gin (search_text gin_trgm_ops);
-- The status sweep's queue.
CREATE INDEX orders_next_check_idx ON orders (next_check_at) WHERE next_check_at IS NOT NULL;

-- ── By hand: refund requests and refunds ───────────────────────────────────────────────────────────────────────────

ALTER TABLE refund_request
  ADD CONSTRAINT refund_request_amount_check CHECK (amount_minor > 0),
  ADD CONSTRAINT refund_request_status_check CHECK (
    status IN ('pending_approval', 'approved', 'rejected', 'withdrawn', 'expired')
  ),
  ADD CONSTRAINT refund_request_client_key_check CHECK (length(client_key) BETWEEN 16 AND 64),
  -- Requester and decider are never the same person (invariant I8), whatever the code believes.
  ADD CONSTRAINT refund_request_four_eyes_check CHECK (decided_by IS NULL OR decided_by <> requested_by),
  -- Approved means: a second person decided, or the policy of that version asked for none.
  ADD CONSTRAINT refund_request_approval_check CHECK (
    status <> 'approved' OR NOT needs_approval OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)
  ),
  ADD CONSTRAINT refund_request_rejection_check CHECK (status <> 'rejected' OR decided_by IS NOT NULL);

ALTER TABLE refund
  ADD CONSTRAINT refund_amount_check CHECK (amount_minor > 0),
  ADD CONSTRAINT refund_origin_check CHECK (origin IN ('paydesk', 'external', 'auto')),
  ADD CONSTRAINT refund_request_of_ours_check CHECK ((origin = 'paydesk') = (refund_request_id IS NOT NULL)),
  ADD CONSTRAINT refund_status_check CHECK (
    status IN ('ready', 'sending', 'unknown', 'pending', 'manual_review', 'succeeded', 'failed', 'rejected')
  ),
  -- Juspay takes at most 20 alphanumerics.
  ADD CONSTRAINT refund_key_check CHECK (origin <> 'paydesk' OR unique_request_id ~ '^[A-Za-z0-9]{1,20}$'),
  -- Nothing has left the house unless sending was committed first (invariant I6).
  ADD CONSTRAINT refund_sent_check CHECK (origin <> 'paydesk' OR status IN ('ready', 'rejected') OR first_sent_at IS NOT NULL);

-- A key of ours exists once per merchant account (invariant I3).
CREATE UNIQUE INDEX refund_own_key ON refund (merchant_account_id, unique_request_id) WHERE origin = 'paydesk';
-- At most one live attempt per request, so at most one that can succeed (invariant I2).
CREATE UNIQUE INDEX refund_live_attempt_key ON refund (refund_request_id)
  WHERE refund_request_id IS NOT NULL AND status NOT IN ('failed', 'rejected');
-- At most one call in flight per order.
CREATE UNIQUE INDEX refund_in_flight_key ON refund (merchant_account_id, order_id) WHERE origin = 'paydesk' AND status = 'sending';
-- The sender's and the janitor's queue.
CREATE INDEX refund_next_action_idx ON refund (next_action_at) WHERE next_action_at IS NOT NULL;

-- What was asked, approved and sent is frozen: a later change could move other money than a person agreed to (I5).
CREATE FUNCTION refuse_frozen_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is frozen once written', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER refund_request_frozen BEFORE UPDATE ON refund_request FOR EACH ROW
  WHEN (
    (OLD.merchant_account_id, OLD.order_id, OLD.client_key, OLD.request_hash, OLD.amount_minor, OLD.currency, OLD.requested_by, OLD.approval_hash)
    IS DISTINCT FROM
    (NEW.merchant_account_id, NEW.order_id, NEW.client_key, NEW.request_hash, NEW.amount_minor, NEW.currency, NEW.requested_by, NEW.approval_hash)
  )
  EXECUTE FUNCTION refuse_frozen_change('what was asked');

CREATE TRIGGER refund_frozen BEFORE UPDATE ON refund FOR EACH ROW
  WHEN (
    (OLD.merchant_account_id, OLD.order_id, OLD.refund_request_id, OLD.attempt_no, OLD.unique_request_id, OLD.currency, OLD.origin)
    IS DISTINCT FROM
    (NEW.merchant_account_id, NEW.order_id, NEW.refund_request_id, NEW.attempt_no, NEW.unique_request_id, NEW.currency, NEW.origin)
    OR (OLD.origin = 'paydesk' AND OLD.amount_minor <> NEW.amount_minor)
  )
  EXECUTE FUNCTION refuse_frozen_change('identity or amount');

-- Refunds are history: no code path deletes one (a deleted row is how a retry gets a new key).
CREATE TRIGGER refund_kept BEFORE DELETE ON refund FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('existence');
CREATE TRIGGER refund_request_kept BEFORE DELETE ON refund_request FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('existence');

-- ── By hand: webhook events ────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE webhook_event
  ADD CONSTRAINT webhook_event_status_check CHECK (status IN ('received', 'processed', 'ignored', 'failed', 'dead')),
  ADD CONSTRAINT webhook_event_body_check CHECK (length(body) <= 2097152);

-- The processor's queue: only open work is indexed, so it stays small as the table grows.
CREATE INDEX webhook_event_queue_idx ON webhook_event (next_try_at, seq) WHERE next_try_at IS NOT NULL;

ALTER TABLE discrepancy
  ADD CONSTRAINT discrepancy_status_check CHECK (status IN ('open', 'resolved'));
-- The same disagreement is one open work item.
CREATE UNIQUE INDEX discrepancy_open_key ON discrepancy (merchant_account_id, order_id, kind) WHERE status = 'open';

-- ── By hand: the audit log only grows ──────────────────────────────────────────────────────────────────────────────

CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('an entry');
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_frozen_change('the log');

-- Questions and answers about a waiting refund request: they decide nothing.
CREATE TABLE "refund_request_comment" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "refund_request_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "refund_request_comment_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "refund_request_comment_request_idx" ON "refund_request_comment"("merchant_account_id", "refund_request_id", "seq");

ALTER TABLE "refund_request_comment" ADD CONSTRAINT "refund_request_comment_merchant_account_id_refund_request__fkey" FOREIGN KEY ("merchant_account_id", "refund_request_id") REFERENCES "refund_request"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "refund_request_comment" ADD CONSTRAINT "refund_request_comment_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what was said is kept as it was said.
ALTER TABLE refund_request_comment
  ADD CONSTRAINT refund_request_comment_text_check CHECK (length(text) BETWEEN 1 AND 1000);
CREATE TRIGGER refund_request_comment_append_only BEFORE UPDATE OR DELETE ON refund_request_comment
  FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('a comment');

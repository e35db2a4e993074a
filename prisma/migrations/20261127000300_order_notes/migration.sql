-- What people write down about an order, and whom they name.
ALTER TABLE "orders" ADD COLUMN "note_count" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "order_note" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "merchant_account_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "edited_at" TIMESTAMPTZ(3),
    "struck_at" TIMESTAMPTZ(3),
    "seq" BIGSERIAL NOT NULL,

    CONSTRAINT "order_note_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "order_note_mention" (
    "note_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_account_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "order_note_mention_pkey" PRIMARY KEY ("note_id", "user_id")
);

CREATE INDEX "order_note_order_idx" ON "order_note"("merchant_account_id", "order_id", "seq");
CREATE INDEX "order_note_mention_user_idx" ON "order_note_mention"("merchant_account_id", "user_id", "at" DESC, "note_id" DESC);

ALTER TABLE "order_note" ADD CONSTRAINT "order_note_merchant_account_id_order_id_fkey" FOREIGN KEY ("merchant_account_id", "order_id") REFERENCES "orders"("merchant_account_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "order_note" ADD CONSTRAINT "order_note_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "order_note_mention" ADD CONSTRAINT "order_note_mention_note_id_fkey" FOREIGN KEY ("note_id") REFERENCES "order_note"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "order_note_mention" ADD CONSTRAINT "order_note_mention_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "staff_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand.
ALTER TABLE order_note ADD CONSTRAINT order_note_text_check CHECK (length(text) BETWEEN 1 AND 2000);
ALTER TABLE orders ADD CONSTRAINT orders_note_count_check CHECK (note_count >= 0);

-- By hand. `note:` looks inside notes that stand, `has:note` for orders that have one; both page by time through an index.
CREATE INDEX order_note_text_idx ON order_note USING gin (lower(text) gin_trgm_ops) WHERE struck_at IS NULL;
CREATE INDEX orders_noted_idx ON orders (merchant_account_id, created_at DESC, id DESC) WHERE note_count > 0;
CREATE INDEX order_note_mention_unseen_idx ON order_note_mention (merchant_account_id, user_id) WHERE seen_at IS NULL;

-- By hand. A note is never taken away; what identifies it never changes, and a struck one stays as it was.
CREATE TRIGGER order_note_kept BEFORE DELETE ON order_note FOR EACH ROW EXECUTE FUNCTION refuse_frozen_change('existence');
CREATE TRIGGER order_note_frozen BEFORE UPDATE ON order_note FOR EACH ROW
  WHEN (OLD.order_id IS DISTINCT FROM NEW.order_id OR OLD.author_id IS DISTINCT FROM NEW.author_id
    OR OLD.at IS DISTINCT FROM NEW.at OR OLD.struck_at IS NOT NULL)
  EXECUTE FUNCTION refuse_frozen_change('author, order or end');

-- By hand. How many notes stand, kept in the transaction that writes or strikes one.
CREATE FUNCTION count_order_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE orders SET note_count = note_count + CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END
  WHERE merchant_account_id = NEW.merchant_account_id AND id = NEW.order_id;
  RETURN NULL;
END $$;
CREATE TRIGGER order_note_written AFTER INSERT ON order_note FOR EACH ROW EXECUTE FUNCTION count_order_notes();
CREATE TRIGGER order_note_struck AFTER UPDATE ON order_note FOR EACH ROW
  WHEN (OLD.struck_at IS NULL AND NEW.struck_at IS NOT NULL) EXECUTE FUNCTION count_order_notes();

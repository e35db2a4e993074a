-- What people find an order by, each through an index of its own: a reference is looked up whole, so that it costs the
-- same at a thousand orders as at a million. The trigram index over search_text stays for parts of a text. All but the
-- last are partial or on expressions and by hand; rows without the value cost nothing.

-- Juspay's id of the order.
CREATE INDEX orders_provider_ref_idx ON orders (merchant_account_id, lower(provider_order_ref))
  WHERE provider_order_ref IS NOT NULL;
-- The last digits of a card, newest first.
CREATE INDEX orders_last4_idx ON orders (merchant_account_id, card_last4, created_at DESC, id DESC)
  WHERE card_last4 IS NOT NULL;
-- The last digits of a phone number: its digits backwards, so that an ending is a beginning.
CREATE INDEX orders_phone_end_idx ON orders
  (merchant_account_id, reverse(regexp_replace(customer_phone, '\D', '', 'g')) text_pattern_ops)
  WHERE customer_phone IS NOT NULL;
-- A UPI address or a part of it.
CREATE INDEX orders_vpa_idx ON orders USING gin (lower(payer_vpa) gin_trgm_ops) WHERE payer_vpa IS NOT NULL;

CREATE INDEX transaction_ref_idx ON transaction (merchant_account_id, lower(txn_ref));
CREATE INDEX transaction_gateway_ref_idx ON transaction (merchant_account_id, lower(gateway_ref))
  WHERE gateway_ref IS NOT NULL;
CREATE INDEX transaction_rrn_idx ON transaction (merchant_account_id, lower(rrn)) WHERE rrn IS NOT NULL;

CREATE INDEX refund_key_idx ON refund (merchant_account_id, lower(unique_request_id));
CREATE INDEX refund_ref_idx ON refund (merchant_account_id, lower(ref)) WHERE ref IS NOT NULL;
CREATE INDEX refund_arn_idx ON refund (merchant_account_id, lower(arn)) WHERE arn IS NOT NULL;

-- Juspay's id of an event. Partial, so that a delivery is entered only once it is processed: receiving costs no more.
CREATE INDEX webhook_event_ref_idx ON webhook_event (merchant_account_id, event_ref) WHERE next_try_at IS NULL;

-- CreateIndex
CREATE INDEX "orders_merchant_account_id_changed_at_id_idx" ON "orders"("merchant_account_id", "changed_at" DESC, "id" DESC);

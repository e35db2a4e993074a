-- By hand: mandates whose order we have not heard of, as for disputes: every new order is looked up here.
CREATE INDEX mandate_waiting_idx ON mandate (merchant_account_id, lower(order_ref)) WHERE order_id IS NULL;

-- By hand. Orders of which more may be left, or may have gone back, than their own amount: paid twice, with a surcharge on
-- top, or paid back too much. Everybody else's sums lie within the amount, so a list by amount can begin there. Few rows
-- anywhere, unless a shop takes surcharges; then the sum and the amount stand in the index together.
CREATE INDEX orders_beyond_amount_idx ON orders (
  merchant_account_id,
  (greatest(charged_minor - reserved_minor - refunded_minor - external_refunded_minor - disputed_minor, 0)),
  amount_minor
) WHERE charged_minor > amount_minor OR excess_minor > 0;

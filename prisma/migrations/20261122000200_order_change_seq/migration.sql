-- Changes of one order are recorded one after another under the order's lock, several of them in the same millisecond:
-- the sequence keeps that order, which neither the instant nor the random id does. Rows there are get their numbers in
-- the order in which they lie in the table.
ALTER TABLE "order_change" ADD COLUMN "seq" BIGSERIAL NOT NULL;

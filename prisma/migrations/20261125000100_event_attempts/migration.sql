-- Every pass over an event is kept with it: what a person reads when asking why an event did what it did.
ALTER TABLE "webhook_event" ADD COLUMN IF NOT EXISTS "attempts" JSONB NOT NULL DEFAULT '[]';

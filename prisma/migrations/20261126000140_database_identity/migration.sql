-- Which database cluster and timeline this database was last started on: another one means that it was restored.
CREATE TABLE "database_identity" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "system_identifier" TEXT NOT NULL,
    "timeline" INTEGER NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "database_identity_pkey" PRIMARY KEY ("id")
);

-- By hand: one row.
ALTER TABLE database_identity ADD CONSTRAINT database_identity_one_row CHECK (id = 1);

-- Written by hand: failed sign-ins are counted in sign_in_try since it exists, so nothing reads this index any more.
DROP INDEX IF EXISTS audit_entry_failed_sign_in_idx;

-- By hand: failed sign-ins of the last minutes are counted at every sign-in (server/auth/sign-in-limit.ts). The audit
-- log is the counter, so that the pause holds over restarts and over several servers; this keeps the count cheap.
CREATE INDEX audit_entry_failed_sign_in_idx ON audit_entry (at) WHERE action = 'session.sign_in' AND outcome = 'refused';

-- By hand. A batch of 10,000 refunds has its requests changed by one statement. Joining what they were with what they are
-- was planned by the size of the first statement of a session, usually one row, and then compared each with each for
-- minutes. Grouping costs the same whatever was planned, and of most changes (a later expiry) nothing is left to look at.
CREATE OR REPLACE FUNCTION count_changed_refund_requests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM move_refund_days(array_agg((merchant_account_id, requested_at, requested_by, amount_minor, currency,
      CASE WHEN now_lives THEN 1 ELSE -1 END, 0)::refund_day_move))
    FROM (SELECT q.*, refund_request_lives(changed.old_status, tries.over) AS lived,
        refund_request_lives(q.status, tries.over) AS now_lives
      FROM (SELECT id, max(old_status) AS old_status
        FROM (SELECT id, status AS old_status, NULL AS new_status FROM before
          UNION ALL SELECT id, NULL, status FROM after) AS sides
        GROUP BY id HAVING max(old_status) <> max(new_status)) AS changed
      JOIN refund_request q USING (id)
      CROSS JOIN LATERAL (SELECT array_agg(refund_is_over_unpaid(r.status)) AS over FROM refund r
        WHERE r.refund_request_id = q.id) AS tries) AS moved
    WHERE lived <> now_lives;
  RETURN NULL;
END $$;

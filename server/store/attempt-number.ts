/**
 * SQL for the number of an attempt among those of its order, counted from 1 in the order they were made, as
 * `domain/transaction.ts` orders them; null where `alias` is no row. The order's own key finds its few attempts.
 */
export function attemptNumber(alias: string): string {
  const place = (of: string): string =>
    `(coalesce(${of}.created_at, 'epoch'), length(${of}.txn_ref), ${of}.txn_ref collate "C")`
  return `case when ${alias}.id is not null then (select count(*)::int from transaction made
    where made.merchant_account_id = ${alias}.merchant_account_id and made.order_id = ${alias}.order_id
      and ${place('made')} <= ${place(alias)}) end`
}

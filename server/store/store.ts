import { accountStore } from './accounts.ts'
import { apiKeyStore } from './api-keys.ts'
import { approvalContextStore } from './approval-context.ts'
import { auditStore } from './audit.ts'
import { bulkBatchStore } from './bulk-batches.ts'
import type { Database } from './database.ts'
import { databaseIdentityStore } from './database-identity.ts'
import { discrepancyStore } from './discrepancies.ts'
import { disputeStore } from './disputes.ts'
import { eventCounts } from './event-counts.ts'
import { eventRateStore } from './event-rates.ts'
import { failedEventStore } from './failed-events.ts'
import { figureStore } from './figures.ts'
import { integrationProofStore } from './integration-proofs.ts'
import { invariantCheckStore } from './invariant-checks.ts'
import { liveChangeStore } from './live-changes.ts'
import { merchantKeyStore } from './merchant-keys.ts'
import { exportStore } from './exports.ts'
import { mandateStore } from './mandates.ts'
import { needReads } from './needs.ts'
import { orderChangeStore } from './order-changes.ts'
import { orderNoteStore } from './order-notes.ts'
import { orderTagStore } from './order-tags.ts'
import { orderWatch } from './order-watch.ts'
import { orderSearch } from './orders-search.ts'
import { orderStore } from './orders.ts'
import { refundInvariants } from './refund-invariants.ts'
import { refundDayStore } from './refund-days.ts'
import { refundPolicyStore } from './refund-policies.ts'
import { refundRequestStore } from './refund-requests.ts'
import { refundStopStore } from './refund-stops.ts'
import { providerCallStore } from './provider-calls.ts'
import { refundCallStore } from './refund-calls.ts'
import { refundReviewStore } from './refund-reviews.ts'
import { refundStore } from './refunds.ts'
import { recordSearch } from './record-search.ts'
import { replayJobStore } from './replay-jobs.ts'
import { savedViewStore } from './saved-views.ts'
import { secondFactorStore } from './second-factors.ts'
import { signInTryStore } from './sign-in-tries.ts'
import { requestCommentStore } from './request-comments.ts'
import { sdkAnswerStore } from './sdk-answers.ts'
import type { Sql } from './sql.ts'
import { staffStore } from './staff.ts'
import { statusBudgetStore } from './status-budget.ts'
import { tableStatistics } from './statistics.ts'
import { statusCheckStore } from './status-checks.ts'
import { viewAlertStore } from './view-alerts.ts'
import { webhookEventStore } from './webhook-events.ts'
import { webhookGapStore } from './webhook-gaps.ts'
import { webhookHealthReads } from './webhook-health.ts'
import { webhookIntake } from './webhook-intake.ts'
import { webhookPartitions } from './webhook-partitions.ts'

/** One function set per aggregate, all on the same connection. */
function aggregates(sql: Sql) {
  return {
    accounts: accountStore(sql),
    apiKeys: apiKeyStore(sql),
    approvalContext: approvalContextStore(sql),
    audit: auditStore(sql),
    bulk: bulkBatchStore(sql),
    databaseIdentity: databaseIdentityStore(sql),
    discrepancies: discrepancyStore(sql),
    disputes: disputeStore(sql),
    eventRates: eventRateStore(sql),
    exports: exportStore(sql),
    failedEvents: failedEventStore(sql),
    figures: figureStore(sql),
    integrationProofs: integrationProofStore(sql),
    invariantChecks: invariantCheckStore(sql),
    liveChanges: liveChangeStore(sql),
    mandates: mandateStore(sql),
    needs: needReads(sql),
    merchantKeys: merchantKeyStore(sql),
    orderChanges: orderChangeStore(sql),
    orderNotes: orderNoteStore(sql),
    orderTags: orderTagStore(sql),
    orders: orderStore(sql),
    providerCalls: providerCallStore(sql),
    refundDays: refundDayStore(sql),
    refundPolicies: refundPolicyStore(sql),
    refundRequests: refundRequestStore(sql),
    refundCalls: refundCallStore(sql),
    refundReviews: refundReviewStore(sql),
    refunds: refundStore(sql),
    refundStops: refundStopStore(sql),
    replays: replayJobStore(sql),
    savedViews: savedViewStore(sql),
    sdkAnswers: sdkAnswerStore(sql),
    secondFactors: secondFactorStore(sql),
    signInTries: signInTryStore(sql),
    requestComments: requestCommentStore(sql),
    staff: staffStore(sql),
    statusBudget: statusBudgetStore(sql),
    statistics: tableStatistics(sql),
    statusChecks: statusCheckStore(sql),
    viewAlerts: viewAlertStore(sql),
    webhookEvents: webhookEventStore(sql),
    webhookHealth: webhookHealthReads(sql),
    webhookGaps: webhookGapStore(sql),
  }
}

/** The aggregates inside one transaction. */
export type StoreTx = ReturnType<typeof aggregates>

/**
 * The aggregates for reads, and `transaction` for every change: change, audit entry and live change commit together.
 * `rehearse` runs the same work and writes nothing. Deliveries enter through `intake`.
 */
export type Store = StoreTx & {
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>
  rehearse<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>
  /** Runs reads that all see the database as it is when they begin. */
  snapshot<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>
  intake: ReturnType<typeof webhookIntake>
  partitions: ReturnType<typeof webhookPartitions>
  records: ReturnType<typeof recordSearch>
  orderWatch: ReturnType<typeof orderWatch>
  /** The same reads for a page that is made of many: those that begin together are one round trip. */
  pages: StoreTx
  invariantQueries: ReturnType<typeof refundInvariants>
}

/** Builds the store on a database. */
export function createStore(database: Database): Store {
  const partitions = webhookPartitions(database.sql, (work) => database.transaction(work))
  const all = aggregates(database.sql)
  return {
    ...all,
    orders: { ...all.orders, ...orderSearch(database.searches) },
    webhookEvents: { ...all.webhookEvents, ...eventCounts(database.searches) },
    records: recordSearch(database.findings),
    orderWatch: orderWatch(database.searches),
    pages: aggregates(database.pages),
    transaction: (work) => database.transaction((sql) => work(aggregates(sql))),
    rehearse: (work) => database.rehearse((sql) => work(aggregates(sql))),
    snapshot: (work) => database.snapshot((sql) => work(aggregates(sql))),
    intake: webhookIntake(database.intake, partitions),
    partitions,
    invariantQueries: refundInvariants((work) => database.transaction(work)),
  }
}

import Contracts
import Crypto
import Domain
import IngestEngine
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Takes valid products into the database: a revision where something changed, a case in each market, and the first
/// message to the classifier.
struct ProductAcceptance: Sendable {
  struct Submission: Sendable {
    var cause: MessageID
    var product: Product
    var trace: TraceContext
  }

  enum Status: String, Sendable { case accepted, unchanged }

  struct Result: Sendable {
    var sku: String
    var revision: Int64
    var status: Status
    var cases: [ProductStore.NewCase]
  }

  let tenant: TenantID
  let environment: Domain.Environment
  let actor: Actor

  func accept(_ submissions: [Submission], now: Instant, _ tx: borrowing Transaction) throws -> (
    results: [Result], effects: StoredEffects
  ) {
    let numbered = try number(submissions, tx)
    let fresh = numbered.compactMap(\.revision)
    try ProductStore.insert(fresh, at: now, tx)
    let cases = try newCases(fresh, tx)
    try ProductStore.open(cases, at: now, tx)
    let newest = newestOfEach(fresh)
    let superseded = try ProductStore.supersede(olderThan: newest, at: now, tx)
    try ReviewTasks.close(superseded, tx)
    let newestIDs = Set(newest.map(\.id))
    try ShipmentStore.attach(cases.filter { newestIDs.contains($0.revisionID) }, tx)
    try RefusedSubmissions.markCorrected(kind: "product", references: submissions.map(\.product.sku), at: now, tx)
    var effects = StoredEffects()
    effects.audit = audit(fresh, cases, superseded, now)
    effects.messages = messages(numbered, cases, now)
    let byRevision = Dictionary(grouping: cases, by: \.revisionID)
    let results = numbered.map { entry in
      Result(
        sku: entry.submission.product.sku, revision: entry.number,
        status: entry.revision == nil ? .unchanged : .accepted,
        cases: entry.revision.flatMap { byRevision[$0.id] } ?? [])
    }
    return (results, effects)
  }

  private struct Numbered {
    var submission: Submission
    var number: Int64
    /// nil when the content is what we have already.
    var revision: ProductStore.Revision?
  }

  /// In the order of arrival, so that a SKU that comes twice in a batch ends as it came last.
  private func number(_ submissions: [Submission], _ tx: borrowing Transaction) throws -> [Numbered] {
    var latest = try ProductStore.lock(submissions.map(\.product.sku), tx)
    return submissions.map { submission in
      let sku = submission.product.sku
      let hash = submission.product.contentHash.bytes
      let known = latest[sku] ?? ProductStore.Latest(revision: 0, contentHash: nil)
      if known.contentHash == hash { return Numbered(submission: submission, number: known.revision) }
      let number = known.revision + 1
      latest[sku] = ProductStore.Latest(revision: number, contentHash: hash)
      let id = DerivedID.productRevision(tenant, environment, sku: sku, number: number)
      let revision = ProductStore.Revision(id: id, number: number, product: submission.product, contentHash: hash)
      return Numbered(submission: submission, number: number, revision: revision)
    }
  }

  /// The product's own markets, and those where a shipment waits for it.
  private func newCases(_ revisions: [ProductStore.Revision], _ tx: borrowing Transaction) throws -> [ProductStore
    .NewCase]
  {
    let waiting = try ShipmentStore.waitingLines(revisions.map(\.product.sku), tx)
    return revisions.flatMap { revision in
      let sku = revision.product.sku
      let wanted = Set(revision.product.markets + waiting.filter { $0.sku == sku }.map(\.market))
      return wanted.sorted().map { market in
        ProductStore.NewCase(
          id: DerivedID.customsCase(revision.id, market), revisionID: revision.id, sku: sku, market: market)
      }
    }
  }

  private func newestOfEach(_ revisions: [ProductStore.Revision]) -> [ProductStore.Revision] {
    Dictionary(grouping: revisions, by: \.product.sku).values.compactMap { $0.max { $0.number < $1.number } }
  }

  private func audit(
    _ revisions: [ProductStore.Revision], _ cases: [ProductStore.NewCase], _ superseded: [CaseID], _ now: Instant
  ) -> [AuditLog.Entry] {
    let hashes = Dictionary(uniqueKeysWithValues: revisions.map { ($0.id, $0) })
    let opened = cases.map { opened in
      AuditLog.Entry(
        subject: opened.id.value, kind: "case.opened", actor: actor, at: now,
        data: [
          "sku": .string(opened.sku), "market": opened.market.json, "revisionID": opened.revisionID.json,
          "revision": .integer(hashes[opened.revisionID]?.number ?? 0),
          "contentHash": .string(hashes[opened.revisionID]?.product.contentHash.hex ?? ""),
        ])
    }
    return opened
      + superseded.map { AuditLog.Entry(subject: $0.value, kind: "case.superseded", actor: actor, at: now) }
  }

  private func messages(_ numbered: [Numbered], _ cases: [ProductStore.NewCase], _ now: Instant) -> [Outbox.Message] {
    var submissions: [ProductRevisionID: Submission] = [:]
    for entry in numbered { if let id = entry.revision?.id { submissions[id] = entry.submission } }
    return cases.compactMap { opened in
      guard let submission = submissions[opened.revisionID] else { return nil }
      return Outbox.Message(
        CaseOpening.event(
          opened, tenant: tenant, causedBy: submission.cause, trace: submission.trace, at: now), for: .classifier,
        in: opened.market)
    }
  }
}

/// The message that sets a case on its way, whether a product or a shipment opened it.
enum CaseOpening {
  static func event(
    _ opened: ProductStore.NewCase, tenant: TenantID, causedBy cause: MessageID, trace: TraceContext, at now: Instant
  ) -> CloudEvent {
    CloudEvent(
      id: DerivedID.message(causedBy: cause, .caseOpened, opened.id.description), source: "/pabean/ingest",
      type: .caseOpened, subject: opened.id.description, time: now, tenant: tenant, market: opened.market,
      traceparent: trace.traceparent, causationID: cause, data: CaseReference(caseID: opened.id).json)
  }
}

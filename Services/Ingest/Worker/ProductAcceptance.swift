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
    /// When its sender made it; nil counts as now.
    var submittedAt: Instant?
  }

  enum Status: String, Sendable {
    case accepted, unchanged
    /// Made before one that we have: that one stands.
    case stale
  }

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
    let numbered = try number(submissions, now, tx)
    let fresh = numbered.compactMap(\.revision)
    try ProductStore.insert(fresh, at: now, tx)
    try ProductStore.markSubmitted(unchangedTimes(numbered), tx)
    let cases = try newCases(fresh, tx)
    try ProductStore.open(cases, at: now, tx)
    let newest = newestOfEach(fresh)
    let superseded = try ProductStore.supersede(olderThan: newest, at: now, tx)
    try ReviewTasks.close(superseded, tx)
    let newestIDs = Set(newest.map(\.id))
    let attached = try ShipmentStore.attach(cases.filter { newestIDs.contains($0.revisionID) }, at: now, tx)
    let current = numbered.filter { $0.status != .stale }.map(\.submission.product.sku)
    try RefusedSubmissions.markCorrected(kind: "product", references: current, at: now, tx)
    var effects = StoredEffects()
    effects.audit = audit(fresh, cases, superseded, now) + numbered.compactMap { staleEntry($0, now) }
    effects.audit += attached.lines.map { rebindingEntry($0, now) }
    effects.audit += attached.resumed.map {
      AuditLog.Entry(subject: $0.value, kind: "shipment.waiting", actor: actor, at: now)
    }
    effects.messages = messages(numbered, cases, now)
    let byRevision = Dictionary(grouping: cases, by: \.revisionID)
    let results = numbered.map { entry in
      Result(
        sku: entry.submission.product.sku, revision: entry.number,
        status: entry.status,
        cases: entry.revision.flatMap { byRevision[$0.id] } ?? [])
    }
    return (results, effects)
  }

  private struct Numbered {
    var submission: Submission
    var number: Int64
    var status: Status
    /// Of the submission, or of the newer one that is known.
    var newest: Instant
    /// Where the content is not what we have already.
    var revision: ProductStore.Revision?
  }

  /// In the order of arrival, so that a SKU that comes twice in a batch ends as it came last.
  private func number(_ submissions: [Submission], _ now: Instant, _ tx: borrowing Transaction) throws -> [Numbered] {
    var latest = try ProductStore.lock(submissions.map(\.product.sku), tx)
    return submissions.map { submission in
      let sku = submission.product.sku
      let known = latest[sku] ?? ProductStore.Latest(revision: 0, contentHash: nil, submittedAt: nil)
      let numbered = number(submission, after: known, now)
      latest[sku] = ProductStore.Latest(
        revision: numbered.number, contentHash: numbered.revision?.contentHash ?? known.contentHash,
        submittedAt: numbered.newest)
      return numbered
    }
  }

  private func number(_ submission: Submission, after known: ProductStore.Latest, _ now: Instant) -> Numbered {
    // Nobody's clock makes a submission newer than its arrival, or it would outdo all that come after it.
    let made = min(submission.submittedAt ?? now, now)
    let newest = max(made, known.submittedAt ?? made)
    let hash = submission.product.contentHash.bytes
    func unchanged(_ status: Status) -> Numbered {
      Numbered(submission: submission, number: known.revision, status: status, newest: newest)
    }
    if known.contentHash == hash { return unchanged(.unchanged) }
    // What says nothing of its time is as new as its arrival, whichever worker's clock is ahead.
    if submission.submittedAt != nil, made < newest { return unchanged(.stale) }
    let number = known.revision + 1
    let id = DerivedID.productRevision(tenant, environment, sku: submission.product.sku, number: number)
    let revision = ProductStore.Revision(
      id: id, number: number, product: submission.product, contentHash: hash, submittedAt: newest)
    return Numbered(submission: submission, number: number, status: .accepted, newest: newest, revision: revision)
  }

  private func unchangedTimes(_ numbered: [Numbered]) -> [String: Instant] {
    let pairs = numbered.filter { $0.status == .unchanged }.map { ($0.submission.product.sku, $0.newest) }
    return Dictionary(pairs) { max($0, $1) }
  }

  /// The product's own markets, and those where a shipment waits for it.
  private func newCases(_ revisions: [ProductStore.Revision], _ tx: borrowing Transaction) throws -> [ProductStore
    .NewCase]
  {
    guard !revisions.isEmpty else { return [] }
    let waiting = try ShipmentStore.openLines(revisions.map(\.product.sku), tx)
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

  private func staleEntry(_ numbered: Numbered, _ now: Instant) -> AuditLog.Entry? {
    guard numbered.status == .stale, let made = numbered.submission.submittedAt else { return nil }
    return AuditLog.Entry(
      subject: DerivedID.submission(causedBy: numbered.submission.cause).value, kind: "submission.stale", actor: actor,
      at: now,
      data: [
        "sku": .string(numbered.submission.product.sku), "submittedAt": made.json, "newest": numbered.newest.json,
        "revision": .integer(numbered.number),
      ])
  }

  private func rebindingEntry(_ rebinding: ShipmentStore.Rebinding, _ now: Instant) -> AuditLog.Entry {
    AuditLog.Entry(
      subject: rebinding.shipmentID.value, kind: "shipment.line-rebound", actor: actor, at: now,
      data: [
        "line": .integer(Int64(rebinding.line)), "sku": .string(rebinding.sku),
        "previousCaseID": rebinding.previous?.json ?? .null, "caseID": rebinding.caseID.json,
      ])
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

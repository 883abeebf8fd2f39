import ClassifierEngine
import Crypto
import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// Looks after what the classifier follows.
struct PrecedentDesk: Sendable {
  let pool: PostgresPool

  func search(
    _ query: PrecedentQuery, for principal: Principal
  ) async throws -> (found: [KnownPrecedent], hasMore: Bool) {
    let isStanding: Bool? =
      switch query.standing {
      case .standing: true
      case .withdrawn: false
      case .all: nil
      }
    let found = try await pool.transaction(as: principal, readOnly: true) { tx in
      try PrecedentLibrary.search(
        query.text, market: query.market, isStanding: isStanding, limit: Int64(PrecedentQuery.limit) + 1,
        offset: Int64(query.offset), tx
      ).map { KnownPrecedent($0) }
    }
    return (Array(found.prefix(PrecedentQuery.limit)), found.count > PrecedentQuery.limit)
  }

  func enter(_ request: PrecedentRequest, by principal: Principal, at now: Instant) async throws {
    try KnowledgeRights(Reviewer(principal)).requireKeepingPrecedents()
    try await pool.transaction(as: principal) { tx in
      guard
        let row = try MarketMatrixStore.load(sku: request.sku, tx)?.rows.first(where: { $0.market == request.market }),
        let product = try CaseStore.load([row.caseID], tx)[row.caseID]?.product
      else { throw PrecedentDesk.noSuchProduct }
      let precedent = Precedent(
        id: UniqueID(digest: SecureRandom.bytes(16)), description: ProductDescription(product), code: request.code,
        decidedAt: now, outcome: request.isApproved ? .approved : .rejected, market: request.market,
        reason: request.reason)
      try PrecedentLibrary.enter(precedent, .init(principal.actor, because: request.reason), tx)
      try PrecedentDesk.audit("precedent.entered", precedent, request.reason, by: principal, at: now, tx)
    }
  }

  /// - Returns: false when this person has no such precedent that stands.
  func retire(_ id: UniqueID, because reason: String, by principal: Principal, at now: Instant) async throws -> Bool {
    try KnowledgeRights(Reviewer(principal)).requireKeepingPrecedents()
    return try await pool.transaction(as: principal) { tx in
      let note = PrecedentLibrary.Note(principal.actor, because: reason)
      guard let retired = try PrecedentLibrary.retire(id, note, at: now, tx) else { return false }
      try PrecedentDesk.audit("precedent.retired", retired.precedent, reason, by: principal, at: now, tx)
      return true
    }
  }

  private static let noSuchProduct = Refusal(
    .unprocessable, "There is no such product in this market.",
    [
      FieldFault(
        field: "/sku", problem: "No product of this SKU has a case in the market.",
        remedy: "Name a product that has come in for the market.")
    ])

  private static func audit(
    _ kind: String, _ precedent: Precedent, _ reason: String, by principal: Principal, at now: Instant,
    _ tx: borrowing Transaction
  ) throws {
    let entry = AuditLog.Entry(
      subject: precedent.id, kind: kind, actor: principal.actor, at: now,
      data: [
        "market": precedent.market.json, "code": precedent.code.json, "outcome": .string(precedent.outcome.rawValue),
        "title": .string(precedent.description.title), "reason": .string(reason),
      ])
    try AuditLog.append([entry], of: principal.tenant, tx)
  }
}

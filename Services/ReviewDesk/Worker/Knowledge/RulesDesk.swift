import ClassifierEngine
import ComplianceScreeningEngine
import Crypto
import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// A tenant's policies and own rules: drafted, put into force, and looked after.
struct RulesDesk: Sendable {
  let pool: PostgresPool

  // MARK: Reading

  func shelf(_ kind: RulesKind, for principal: Principal) async throws -> RulesShelf {
    try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      try RulesDesk.shelf(kind, tx)
    }
  }

  struct Shown: Sendable {
    var shelf: RulesShelf
    var version: RulesVersion
    var content: JSONValue
    var inForce: JSONValue?
  }

  /// nil when there is no such version.
  func version(_ number: Int64, of kind: RulesKind, for principal: Principal) async throws -> Shown? {
    try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      let shelf = try RulesDesk.shelf(kind, tx)
      guard let version = shelf.versions.first(where: { $0.number == number }),
        let content = try RulesDesk.content(number, of: kind, tx)
      else { return nil }
      return Shown(
        shelf: shelf, version: version, content: content.json,
        inForce: try shelf.inForce.flatMap { try RulesDesk.content($0, of: kind, tx) }?.json)
    }
  }

  private static func shelf(_ kind: RulesKind, _ tx: borrowing Transaction) throws -> RulesShelf {
    let (versions, history, inForce) =
      switch kind {
      case .policy:
        (
          try PolicyStore.versions(tx),
          try PolicyStore.history(tx).map {
            RulesActivation(number: $0.version, reason: $0.reason, by: $0.activatedBy, at: $0.activatedAt)
          }, try PolicyStore.activeVersion(tx)
        )
      case .ownRules:
        (
          try OwnRulesStore.versions(tx),
          try OwnRulesStore.history(tx).map {
            RulesActivation(number: $0.version, reason: $0.reason, by: $0.activatedBy, at: $0.activatedAt)
          }, try OwnRulesStore.activeVersion(tx)
        )
      }
    return RulesShelf(
      kind: kind, inForce: inForce,
      versions: versions.map {
        RulesVersion(number: $0.number, createdBy: $0.createdBy, createdAt: $0.createdAt, wasInForce: $0.wasInForce)
      }, history: history)
  }

  static func content(_ number: Int64, of kind: RulesKind, _ tx: borrowing Transaction) throws -> RulesDraft.Content? {
    switch kind {
    case .policy: try PolicyStore.load(version: number, tx).map { .policy($0) }
    case .ownRules: try OwnRulesStore.load(version: number, tx).map { .ownRules($0) }
    }
  }

  // MARK: Changing

  /// - Returns: the number of the draft.
  func keep(_ content: RulesDraft.Content, by principal: Principal, at now: Instant) async throws -> Int64 {
    try KnowledgeRights(Reviewer(principal)).requireDrafting()
    return try await pool.transaction(as: principal) { tx in
      let (kind, number) =
        switch content {
        case .policy(let policy): (RulesKind.policy, try PolicyStore.add(policy, by: principal.actor, at: now, tx))
        case .ownRules(let rules): (.ownRules, try OwnRulesStore.add(rules, by: principal.actor, at: now, tx))
        }
      let data: JSONValue = ["version": .integer(number)]
      try RulesDesk.audit("\(kind.rawValue).drafted", of: kind, data, by: principal, at: now, tx)
      return number
    }
  }

  /// - Returns: nil when there is no such version.
  func activate(
    _ number: Int64, of kind: RulesKind, because reason: String, by principal: Principal, at now: Instant
  ) async throws -> Bool {
    try await pool.transaction(as: principal) { tx in
      try PolicyStore.lockActivations(tx)
      let shelf = try RulesDesk.shelf(kind, tx)
      guard let version = shelf.versions.first(where: { $0.number == number }) else { return false }
      try KnowledgeRights(Reviewer(principal)).requireActivating(version, inForce: shelf.inForce)
      switch kind {
      case .policy: try PolicyStore.activate(version: number, reason: reason, by: principal.actor, at: now, tx)
      case .ownRules: try OwnRulesStore.activate(version: number, reason: reason, by: principal.actor, at: now, tx)
      }
      let data: JSONValue = ["version": .integer(number), "reason": .string(reason)]
      try RulesDesk.audit("\(kind.rawValue).activated", of: kind, data, by: principal, at: now, tx)
      return true
    }
  }

  /// About the same subject as what the operator changes.
  private static func audit(
    _ entry: String, of kind: RulesKind, _ data: JSONValue, by principal: Principal, at now: Instant,
    _ tx: borrowing Transaction
  ) throws {
    let name =
      switch kind {
      case .policy: "policy"
      case .ownRules: "own rules"
      }
    let subject = UniqueID(digest: SHA256.hash("\(principal.tenant) \(name)").bytes)
    try AuditLog.append(
      [AuditLog.Entry(subject: subject, kind: entry, actor: principal.actor, at: now, data: data)],
      of: principal.tenant, tx)
  }
}

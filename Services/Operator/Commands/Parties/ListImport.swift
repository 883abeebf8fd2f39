import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Loads lists, all or none, and says what they change.
struct ListImport: Sendable {
  let lists: [PartyList]
  let scope: PartyListStore.Scope
  let activates: Bool
  let actor: Actor

  struct Result: Sendable {
    var list: String
    var version: String
    var parties: Int
    var isNew: Bool
    var isActivated: Bool
    var added: Int
    var removed: Int
    var changed: Int

    var sentence: String {
      let state = isActivated ? "in force now" : isNew ? "loaded" : "known already"
      return "\(list) \(version): \(parties) parties, \(state); \(added) added, \(removed) removed, \(changed) changed"
    }

    var json: JSONValue {
      [
        "list": .string(list), "version": .string(version), "parties": .integer(Int64(parties)), "isNew": .bool(isNew),
        "isActivated": .bool(isActivated), "added": .integer(Int64(added)), "removed": .integer(Int64(removed)),
        "changed": .integer(Int64(changed)),
      ]
    }
  }

  func run(_ pool: PostgresPool, _ tenant: TenantID?) async throws -> [Result] {
    let work: @Sendable (borrowing Transaction) throws -> [Result] = { tx in
      let active = try PartyListStore.active(scope, tx)
      return try lists.map { try load($0, active, tenant, tx) }
    }
    guard let tenant else { return try await pool.transaction(readOnly: false, work) }
    return try await pool.transaction(as: tenant, work)
  }

  private func load(
    _ list: PartyList, _ active: [PartyListStore.Stored], _ tenant: TenantID?, _ tx: borrowing Transaction
  ) throws -> Result {
    let before = try active.first { $0.list == list.id }?.partyList().entries ?? []
    let difference = ListDifference(from: before, to: list.entries)
    let now = SystemClock.now()
    let isNew = try PartyListStore.load(PartyListStore.Stored(list), in: scope, by: actor, at: now, tx)
    let isActivated =
      try activates
      && PartyListStore.activate(list: list.id, version: list.version, in: scope, by: actor, at: now, tx)
    if isActivated, let tenant {
      try OperatorAudit.append(
        "list.activated", about: "list \(list.id)", by: actor,
        ["list": .string(list.id), "version": .string(list.version), "parties": .integer(Int64(list.entries.count))],
        of: tenant, tx)
    }
    return Result(
      list: list.id, version: list.version, parties: list.entries.count, isNew: isNew, isActivated: isActivated,
      added: difference.added.count, removed: difference.removed.count, changed: difference.changed.count)
  }
}

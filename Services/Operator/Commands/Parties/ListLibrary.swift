import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// The lists that are kept, published or a tenant's own.
struct ListLibrary: Sendable {
  let settings: OperatorSettings
  let tenant: TenantID?

  var scope: PartyListStore.Scope { tenant == nil ? .published : .own }

  static func open(_ arguments: Arguments) async throws -> ListLibrary {
    let settings = try OperatorSettings.load()
    guard arguments.has("tenant") else { return ListLibrary(settings: settings, tenant: nil) }
    let tenant = try await settings.withDatabase { pool in try await TenantChoice.resolve(arguments, pool) }
    return ListLibrary(settings: settings, tenant: tenant)
  }

  func run<R: Sendable>(_ body: (PostgresPool) async throws -> R) async throws -> R {
    try await settings.withDatabase(body)
  }

  func transaction<R: Sendable>(
    _ pool: PostgresPool, readOnly: Bool = false, _ body: @Sendable (borrowing Transaction) throws -> R
  ) async throws -> R {
    guard let tenant else { return try await pool.transaction(readOnly: readOnly, body) }
    return try await pool.transaction(as: tenant, readOnly: readOnly, body)
  }

  /// A tenant's own list is part of its record; of the published ones each tenant's record tells when its cases have met them.
  func record(_ list: PartyList, by actor: Actor, _ tx: borrowing Transaction) throws {
    guard let tenant else { return }
    try OperatorAudit.append(
      "list.activated", about: "list \(list.id)", by: actor,
      ["list": .string(list.id), "version": .string(list.version), "parties": .integer(Int64(list.entries.count))],
      of: tenant, tx)
  }

  /// - Returns: false when it is in force already.
  func activate(
    _ id: String, _ version: String, because reason: String, by actor: Actor, _ tx: borrowing Transaction
  ) throws -> Bool {
    guard let wanted = try PartyListStore.version(list: id, version: version, in: scope, tx)?.partyList() else {
      let known = try PartyListStore.versions(list: id, in: scope, tx)
      throw Failure(
        "\(id) has no version '\(version)'",
        remedy: known.isEmpty ? "'pabean lists import' loads lists" : "there are \(known.joined(separator: ", "))")
    }
    let before = try PartyListStore.active(scope, tx).first { $0.list == id }?.partyList().entries ?? []
    let difference = ListDifference(from: before, to: wanted.entries)
    let isActivated = try PartyListStore.activate(
      list: id, version: version, in: scope, because: reason, difference: difference.summary, by: actor,
      at: SystemClock.now(), tx)
    if isActivated { try record(wanted, by: actor, tx) }
    return isActivated
  }

  func summaries() async throws -> [PartyListStore.Summary] {
    try await run { pool in
      try await transaction(pool, readOnly: true) { tx in try PartyListStore.summaries(scope, tx) }
    }
  }

  func list(_ id: String) async throws -> PartyList {
    try await run { pool in
      try await transaction(pool, readOnly: true) { tx in
        guard let stored = try PartyListStore.active(scope, tx).first(where: { $0.list == id }) else {
          throw Failure("no list '\(id)' is in force", remedy: "'pabean lists show' shows those that are")
        }
        return try stored.partyList()
      }
    }
  }

  /// A party of any list in force, the published ones first.
  static func party(_ id: String, of list: String, _ tx: borrowing Transaction) throws -> ListedParty? {
    for scope in [PartyListStore.Scope.published, .own] {
      for stored in try PartyListStore.active(scope, tx) where stored.list == list {
        if let party = try stored.partyList().entries.first(where: { $0.id == id }) { return party }
      }
    }
    return nil
  }

  /// Of files not yet loaded against what is in force, or between two versions of a list.
  func differences(_ what: String, from: String?, to: String?) async throws -> [(String, ListDifference)] {
    try await run { pool in
      try await transaction(pool, readOnly: true) { tx in
        let active = try PartyListStore.active(scope, tx)
        guard LocalFile.exists(what) else { return [(what, try between(what, from: from, to: to, active, tx))] }
        return try ListFiles(at: what).lists().map { list in
          let before = try active.first { $0.list == list.id }?.partyList().entries ?? []
          return (list.id, ListDifference(from: before, to: list.entries))
        }
      }
    }
  }

  private func between(
    _ list: String, from: String?, to: String?, _ active: [PartyListStore.Stored], _ tx: borrowing Transaction
  ) throws -> ListDifference {
    let versions = try PartyListStore.versions(list: list, in: scope, tx)
    guard let newest = to ?? active.first(where: { $0.list == list })?.version else {
      throw Failure("no list '\(list)' is in force", remedy: "'pabean lists show' shows those that are")
    }
    guard let earlier = from ?? versions.first(where: { $0 != newest }) else {
      throw Failure("\(list) has one version alone, \(newest)")
    }
    let found = try [earlier, newest].map { version in
      guard let stored = try PartyListStore.version(list: list, version: version, in: scope, tx) else {
        throw Failure("\(list) has no version '\(version)'", remedy: "there are \(versions.joined(separator: ", "))")
      }
      return try stored.partyList().entries
    }
    return ListDifference(from: found[0], to: found[1])
  }
}

extension ListDifference {
  func json(of list: String) -> JSONValue {
    [
      "list": .string(list), "added": .list(added), "removed": .list(removed),
      "changed": .array(changed.map { ["before": $0.before.json, "after": $0.after.json] }),
    ]
  }

  func report(of list: String) -> String {
    let head = "\(list): \(added.count) added, \(removed.count) removed, \(changed.count) changed"
    let lines =
      added.map { "+ \($0.id)  \($0.name)" } + removed.map { "- \($0.id)  \($0.name)" }
      + changed.map { "~ \($0.after.id)  \($0.after.name)" }
    return ([head] + lines).joined(separator: "\n")
  }
}

import ComplianceScreeningEngine
import Domain
import JSON
import Postgres
import Store

/// Loads lists and puts them into force, unless a person must look first.
public struct ListImport: Sendable {
  public let lists: [PartyList]
  public let scope: PartyListStore.Scope
  public let activates: Bool
  public let actor: Actor

  public init(_ lists: [PartyList], _ scope: PartyListStore.Scope, activates: Bool, by actor: Actor) {
    self.lists = lists
    self.scope = scope
    self.activates = activates
    self.actor = actor
  }

  public struct Result: Sendable {
    public var list: PartyList
    public var isNew: Bool
    public var isActivated: Bool
    public var difference: ListDifference
    /// Why it was loaded and not put into force; nil when nothing speaks against it.
    public var doubt: String?
  }

  public func run(at now: Instant, _ tx: borrowing Transaction) throws -> [Result] {
    let active = try PartyListStore.active(scope, tx)
    return try lists.map { list in
      try load(list, active.first { $0.list == list.id }?.partyList(), at: now, tx)
    }
  }

  private func load(
    _ list: PartyList, _ before: PartyList?, at now: Instant, _ tx: borrowing Transaction
  ) throws -> Result {
    let difference = ListDifference(from: before?.entries ?? [], to: list.entries)
    let doubt = before.flatMap { ListDoubt($0, to: list, difference)?.words }
    let isNew = try PartyListStore.load(PartyListStore.Stored(list), in: scope, by: actor, at: now, tx)
    let isActivated =
      try activates && doubt == nil
      && PartyListStore.activate(
        list: list.id, version: list.version, in: scope, difference: difference.summary, by: actor, at: now, tx)
    return Result(list: list, isNew: isNew, isActivated: isActivated, difference: difference, doubt: doubt)
  }
}

/// Why a version should not take the place of the one in force without a person. A file that was cut off, or emptied, still
/// reads as a list, and a mirror may give yesterday's; authorities take few parties off at a time.
struct ListDoubt {
  private static let percentMax = 20
  /// Short lists may change as they like.
  private static let removedMin = 10

  let words: String

  init?(_ before: PartyList, to after: PartyList, _ difference: ListDifference) {
    let (count, removed) = (before.entries.count, difference.removed.count)
    let isShrunk =
      after.entries.isEmpty
      ? count > 0 : removed > ListDoubt.removedMin && removed * 100 > count * ListDoubt.percentMax
    if isShrunk {
      words = "\(after.id) \(after.version) lacks \(removed) of the \(count) parties in force: it may have been cut off"
    } else if let known = before.published, let published = after.published, published < known {
      words = "\(after.id) \(after.version) is older than the \(before.version) in force"
    } else {
      return nil
    }
  }
}

extension ListDifference {
  /// Beyond this an audit entry names no more parties of a kind.
  private static let namedMax = 50

  /// For the record: how many, and who.
  public var summary: JSONValue {
    func names(_ ids: [String]) -> JSONValue { .strings(Array(ids.prefix(ListDifference.namedMax))) }
    return [
      "added": .integer(Int64(added.count)), "removed": .integer(Int64(removed.count)),
      "changed": .integer(Int64(changed.count)), "addedIDs": names(added.map(\.id)),
      "removedIDs": names(removed.map(\.id)), "changedIDs": names(changed.map(\.after.id)),
    ]
  }
}

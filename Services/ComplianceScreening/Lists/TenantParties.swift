import ComplianceScreeningEngine
import Domain
import Postgres
import Store

/// What a tenant adds to the published lists: lists of its own, and the hits that its people found to be others.
public struct TenantParties: Sendable {
  public private(set) var listGeneration: Int64 = 0
  public private(set) var clearanceGeneration: Int64 = 0
  public private(set) var lists: PartyScreen?
  public private(set) var cleared = PartyClearances.none
  /// What its policy asks for.
  public private(set) var required = RequiredLists.anyPublished
  private var policyVersion: Int64?

  public init(required: RequiredLists = .anyPublished) { self.required = required }

  /// Only the numbers are asked for each time; what they stand for is read when they change.
  mutating func refresh(_ tx: borrowing Transaction) throws {
    let listGeneration = try PartyListStore.generation(.own, tx)
    if listGeneration != self.listGeneration {
      let lists = try PartyListStore.active(.own, tx).map { try $0.partyList() }
      self.lists = lists.isEmpty ? nil : PartyScreen(lists: lists)
      self.listGeneration = listGeneration
    }
    let policyVersion = try PolicyStore.activeVersion(tx)
    if policyVersion != self.policyVersion {
      required = try policyVersion.flatMap { try PolicyStore.load(version: $0, tx) }?.requiredLists ?? .anyPublished
      self.policyVersion = policyVersion
    }
    let clearanceGeneration = try ClearedParties.generation(tx)
    if clearanceGeneration != self.clearanceGeneration {
      // Expired ones are told from others on the day of screening.
      cleared = PartyClearances(try ClearedParties.inForce(at: Instant(microseconds: 0), tx))
      self.clearanceGeneration = clearanceGeneration
    }
  }
}

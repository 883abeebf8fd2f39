import ComplianceScreeningEngine
import Domain
import JSON
import Postgres
import Store
import Synchronization

/// The packs, lists and policies in force. Read again when an activation changes them, so that none needs a restart.
final class Controls: Sendable {
  private struct State {
    var packGeneration: Int64 = -1
    var listGeneration: Int64 = 0
    var parties: PartyScreen
    var screener: Screener
    var tenants: [TenantID: TenantParties] = [:]
    var policies: [TenantID: PolicyStore.Active] = [:]
  }

  private let sample: PartyList
  private let embargo: Embargo
  private let tariffs: TariffLibrary
  private let state: Mutex<State>

  init(reference: ReferenceFolder) throws {
    sample = try reference.sampleParties()
    embargo = try reference.embargo()
    tariffs = TariffLibrary(reference)
    let parties = PartyScreen(lists: [sample])
    // Without packs every case is held: a look-up that failed is never clear.
    state = Mutex(State(parties: parties, screener: Screener(packs: [], parties: parties, embargo: embargo)))
  }

  var screener: Screener { state.withLock { $0.screener } }

  func refresh(_ tx: borrowing Transaction) throws {
    let (packGeneration, listGeneration) = (
      try MarketPackStore.generation(tx), try PartyListStore.generation(.published, tx)
    )
    var next = state.withLock { $0 }
    guard next.packGeneration != packGeneration || next.listGeneration != listGeneration else { return }
    if next.listGeneration != listGeneration {
      next.parties = PartyScreen(
        lists: [sample] + (try PartyListStore.active(.published, tx).map { try $0.partyList() }))
    }
    let packs = try MarketPackStore.active(tx).map { try MarketPack(json: JSONCursor($0.content)) }
    let screener = Screener(packs: packs, parties: next.parties, embargo: embargo, tariffs: tariffs)
    state.withLock { [parties = next.parties] state in
      state.packGeneration = packGeneration
      state.listGeneration = listGeneration
      state.parties = parties
      state.screener = screener
    }
  }

  /// The tenant's own lists and judgements, as they stand now.
  func parties(of tenant: TenantID?, _ tx: borrowing Transaction) throws -> TenantParties {
    guard let tenant else { return TenantParties() }
    var parties = state.withLock { $0.tenants[tenant] } ?? TenantParties()
    try parties.refresh(tx)
    state.withLock { [parties] in $0.tenants[tenant] = parties }
    return parties
  }

  /// The tenant's policy in force. Only its number is asked for each time; a version's content never changes.
  func policy(of tenant: TenantID?, _ tx: borrowing Transaction) throws -> PolicyStore.Active? {
    guard let tenant, let version = try PolicyStore.activeVersion(tx) else { return nil }
    if let known = state.withLock({ $0.policies[tenant] }), known.version == version { return known }
    guard let policy = try PolicyStore.load(version: version, tx) else { return nil }
    let active = PolicyStore.Active(version: version, policy: policy)
    state.withLock { $0.policies[tenant] = active }
    return active
  }
}

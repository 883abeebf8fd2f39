import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import Synchronization

/// The packs, lists and policies in force. Read again when an activation changes them, so that none needs a restart.
final class Controls: Sendable {
  private struct State {
    /// Of the packs, and of the rates of exchange.
    var generation: [Int64] = []
    var packs: [MarketPack] = []
    var screener: Screener
    var policies: [TenantID: PolicyStore.Active] = [:]
    var riskModels: [TenantID: RiskModel] = [:]
  }

  let lists: ListsInForce
  let ownRules = OwnRulesInForce()
  private let embargo: Embargo
  private let tariffs: TariffLibrary
  private let rulings: RulingBook?
  private let state: Mutex<State>

  init(reference: ReferenceFolder) throws {
    let lists = try ListsInForce(reference)
    let embargo = try reference.embargo()
    self.lists = lists
    self.embargo = embargo
    tariffs = TariffLibrary(reference)
    rulings = try reference.rulings()
    // Without packs every case is held: a look-up that failed is never clear.
    state = Mutex(State(screener: Screener(packs: [], parties: lists.published, embargo: embargo)))
  }

  var screener: Screener { state.withLock { $0.screener } }

  func refresh(_ tx: borrowing Transaction) throws {
    let listsChanged = try lists.refresh(tx)
    let generation = [try MarketPackStore.generation(tx), try ExchangeRateStore.generation(tx)]
    let (known, packs) = state.withLock { ($0.generation, $0.packs) }
    guard listsChanged || known != generation else { return }
    let current = known == generation ? packs : try MarketPackStore.inForce(tx)
    let screener = Screener(
      packs: current, parties: lists.published, embargo: embargo, tariffs: tariffs, rulings: rulings)
    state.withLock { state in
      state.generation = generation
      state.packs = current
      state.screener = screener
    }
  }

  /// What the tenant's decisions have taught; nil while they are too few.
  func riskModel(of tenant: TenantID?, _ tx: borrowing Transaction) throws -> RiskModel? {
    guard let tenant, let version = try RiskModelStore.newestVersion(tx) else { return nil }
    if let known = state.withLock({ $0.riskModels[tenant] }), known.version == version { return known }
    guard let content = try RiskModelStore.load(version: version, tx) else { return nil }
    let model = try RiskModel(json: JSONCursor(content))
    state.withLock { $0.riskModels[tenant] = model }
    return model
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

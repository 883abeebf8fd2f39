import ComplianceScreeningEngine
import Domain
import JSON
import PartyLists
import Postgres
import Store
import Synchronization

/// The packs, lists, rules and policies by which cases are decided today, for whoever wants to compare. Nothing is read
/// before it is asked for, and again only when an activation changes it.
final class ControlsInForce: Sendable {
  private struct State {
    /// Of the packs, and of the rates of exchange.
    var generation: [Int64] = []
    var packs: [MarketPack] = []
    var screener: Screener?
  }

  let tariffs: TariffLibrary
  let rulings: RulingBook?
  private let embargo: Embargo
  private let lists: ListsInForce
  private let ownRules = OwnRulesInForce()
  private let state = Mutex(State())

  init(_ folder: ReferenceFolder, _ reference: CodeReference) throws {
    tariffs = reference.tariffs
    rulings = reference.rulings
    embargo = try folder.embargo()
    lists = try ListsInForce(folder)
  }

  /// All that decides a tenant's cases beside the cases themselves.
  struct Controls: Sendable {
    var screener: Screener
    var policy: PolicyStore.Active
    var parties: TenantParties
    var ownRules: OwnRuleBook?
    var riskModel: RiskModel?
  }

  func controls(of tenant: TenantID, _ tx: borrowing Transaction) throws -> Controls? {
    guard let policy = try PolicyStore.active(tx) else { return nil }
    let riskModel = try RiskModelStore.newestVersion(tx).flatMap { try RiskModelStore.load(version: $0, tx) }
    return Controls(
      screener: try screener(tx), policy: policy, parties: try lists.parties(of: tenant, tx),
      ownRules: try ownRules.rules(of: tenant, tx),
      riskModel: try riskModel.map { try RiskModel(json: JSONCursor($0)) })
  }

  func packs(_ tx: borrowing Transaction) throws -> [MarketPack] {
    let generation = [try MarketPackStore.generation(tx), try ExchangeRateStore.generation(tx)]
    if let known = state.withLock({ $0.generation == generation ? $0.packs : nil }) { return known }
    let packs = try MarketPackStore.inForce(tx)
    state.withLock { $0 = State(generation: generation, packs: packs, screener: nil) }
    return packs
  }

  private func screener(_ tx: borrowing Transaction) throws -> Screener {
    let packs = try packs(tx)
    let haveListsChanged = try lists.refresh(tx)
    if !haveListsChanged, let known = state.withLock({ $0.screener }) { return known }
    let screener = Screener(
      packs: packs, parties: lists.published, embargo: embargo, tariffs: tariffs, rulings: rulings)
    state.withLock { $0.screener = screener }
    return screener
  }
}

import ComplianceScreeningEngine
import Domain
import Postgres
import Store
import Synchronization

/// The lists in force, and each tenant's own beside them. Read again when an activation changes them; a service that screens
/// parties keeps one of these and needs no restart.
public final class ListsInForce: Sendable {
  private struct State {
    var generation: Int64 = 0
    var confirmations: [String: CalendarDate] = [:]
    var screen: PartyScreen
    var tenants: [TenantID: TenantParties] = [:]
  }

  /// Screened beside what the database holds.
  private let always: [PartyList]
  private let embargo: EmbargoControl
  private let state: Mutex<State>

  public init(always: [PartyList] = [], embargo: Embargo) {
    self.always = always
    self.embargo = EmbargoControl(embargo)
    state = Mutex(State(screen: PartyScreen(lists: always)))
  }

  /// With the fictitious parties and the embargo of a folder of reference data.
  public convenience init(_ reference: ReferenceFolder) throws {
    self.init(always: [try reference.sampleParties()], embargo: try reference.embargo())
  }

  public var published: PartyScreen { state.withLock { $0.screen } }
  /// Which change of the published lists these are; 0 before the first.
  public var generation: Int64 { state.withLock { $0.generation } }

  /// - Returns: true when they have changed.
  @discardableResult
  public func refresh(_ tx: borrowing Transaction) throws -> Bool {
    let generation = try PartyListStore.generation(.published, tx)
    let confirmations = try PartyListSources.confirmations(tx)
    let known = state.withLock { ($0.generation, $0.confirmations, $0.screen) }
    guard known.0 != generation || known.1 != confirmations else { return false }
    let screen =
      known.0 == generation
      ? known.2
      : PartyScreen(lists: always + (try PartyListStore.active(.published, tx).map { try $0.partyList() }))
    state.withLock { state in
      state.generation = generation
      state.confirmations = confirmations
      state.screen = screen.confirmed(confirmations)
    }
    return true
  }

  /// The tenant's own lists and judgements, as they stand now; the tenant must have been entered.
  public func parties(of tenant: TenantID?, _ tx: borrowing Transaction) throws -> TenantParties {
    guard let tenant else { return TenantParties() }
    var parties = state.withLock { $0.tenants[tenant] } ?? TenantParties()
    try parties.refresh(tx)
    state.withLock { [parties] in $0.tenants[tenant] = parties }
    return parties
  }

  /// What stands against a shipment's parties, its vessel, and the countries it leaves and goes to; the gravest first.
  public func findings(_ shipment: Shipment, _ tenant: TenantParties, on date: CalendarDate) -> [Finding] {
    let lists = [published] + (tenant.lists.map { [$0] } ?? [])
    let findings =
      partyFindings(shipment, lists, tenant, on: date) + embargo.findings(shipment)
      + lists.flatMap { $0.staleness(on: date) } + tenant.required.missing(from: lists)
    return Finding.Effect.allCases.reversed().flatMap { effect in findings.filter { $0.effect == effect } }
  }

  /// What lists name of a shipment's parties.
  public func listedParties(_ shipment: Shipment, _ tenant: TenantParties, on date: CalendarDate) -> [Finding] {
    partyFindings(shipment, [published] + (tenant.lists.map { [$0] } ?? []), tenant, on: date)
  }

  private func partyFindings(
    _ shipment: Shipment, _ lists: [PartyScreen], _ tenant: TenantParties, on date: CalendarDate
  ) -> [Finding] {
    let parties = [
      PartyInRole(.seller, shipment.seller), PartyInRole(.consignee, shipment.consignee),
      PartyInRole(.notifyParty, shipment.notifyParty), PartyInRole(.vessel, shipment.vessel.map { Party(name: $0) }),
    ]
    return parties.compactMap { $0 }.flatMap { $0.findings(in: lists, except: tenant.cleared, on: date) }
  }
}

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
    var screen: PartyScreen
    var tenants: [TenantID: TenantParties] = [:]
  }

  /// Screened beside what the database holds.
  private let always: [PartyList]
  private let state: Mutex<State>

  public init(always: [PartyList] = []) {
    self.always = always
    state = Mutex(State(screen: PartyScreen(lists: always)))
  }

  public var published: PartyScreen { state.withLock { $0.screen } }
  /// Which change of the published lists these are; 0 before the first.
  public var generation: Int64 { state.withLock { $0.generation } }

  /// - Returns: true when they have changed.
  @discardableResult
  public func refresh(_ tx: borrowing Transaction) throws -> Bool {
    let generation = try PartyListStore.generation(.published, tx)
    guard generation != self.generation else { return false }
    let screen = PartyScreen(lists: always + (try PartyListStore.active(.published, tx).map { try $0.partyList() }))
    state.withLock { state in
      state.generation = generation
      state.screen = screen
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

  /// What stands against a shipment's parties and its vessel.
  public func findings(_ shipment: Shipment, _ tenant: TenantParties, on date: CalendarDate) -> [Finding] {
    let lists = [published] + (tenant.lists.map { [$0] } ?? [])
    let parties = [
      PartyInRole(.seller, shipment.seller), PartyInRole(.consignee, shipment.consignee),
      PartyInRole(.notifyParty, shipment.notifyParty), PartyInRole(.vessel, shipment.vessel.map { Party(name: $0) }),
    ]
    return parties.compactMap { $0 }.flatMap { $0.findings(in: lists, except: tenant.cleared, on: date) }
  }
}

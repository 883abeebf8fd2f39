import ComplianceScreeningEngine
import Domain
import Postgres
import Store
import Synchronization

/// The tenants' own rules in force, prepared once for each version.
public final class OwnRulesInForce: Sendable {
  private let books = Mutex([TenantID: OwnRuleBook]())

  public init() {}

  /// nil while the tenant has none.
  public func rules(of tenant: TenantID?, _ tx: borrowing Transaction) throws -> OwnRuleBook? {
    guard let tenant, let version = try OwnRulesStore.activeVersion(tx) else { return nil }
    if let known = books.withLock({ $0[tenant] }), known.version == version { return known }
    guard let rules = try OwnRulesStore.load(version: version, tx) else {
      throw StoreError.unreadable(type: "set of own rules", reason: "version \(version) is in force and does not exist")
    }
    let book = OwnRuleBook(rules, version: version)
    books.withLock { $0[tenant] = book }
    return book
  }
}

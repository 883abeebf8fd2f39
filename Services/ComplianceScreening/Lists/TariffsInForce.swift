import ComplianceScreeningEngine
import Domain
import JSON
import Postgres
import Store
import Synchronization

/// The tariffs in force: those that were imported, and for the other markets those that stand beside the product. Read again
/// when an activation changes them.
public final class TariffsInForce: Sendable {
  private let reference: ReferenceFolder
  private let shipped: TariffLibrary
  private let state: Mutex<(generation: Int64, library: TariffLibrary)>

  public init(_ reference: ReferenceFolder) {
    self.reference = reference
    shipped = TariffLibrary(reference)
    state = Mutex((0, shipped))
  }

  public func library(_ tx: borrowing Transaction) throws -> TariffLibrary {
    let generation = try TariffStore.generation(tx)
    if let known = state.withLock({ $0.generation == generation ? $0.library : nil }) { return known }
    let schedules = try TariffStore.inForce(tx).map { ($0.market, try $0.schedule) }
    let library = TariffLibrary(reference, replacing: Dictionary(uniqueKeysWithValues: schedules))
    state.withLock { $0 = (generation, library) }
    return library
  }

  /// Of one version; the one beside the product where none is named.
  public func schedule(
    _ market: Market, version: String?, _ tx: borrowing Transaction
  ) throws -> TariffSchedule? {
    guard let version else { return try shipped.schedule(market) }
    return try TariffStore.find(market, version: version, tx)?.schedule
  }
}

extension TariffStore.Stored {
  public var schedule: TariffSchedule {
    get throws {
      do throws(JSONError) {
        return try OfficialTariff(json: JSONCursor(content)).schedule(version: version)
      } catch {
        throw StoreError.unreadable(type: "tariff \(market)@\(version)", reason: error.description)
      }
    }
  }
}

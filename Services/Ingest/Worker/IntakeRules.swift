import Contracts
import Domain
import IngestEngine
import JSON
import Postgres
import Store
import Synchronization

/// What each market requires of a product, from the market packs in force; read again when one of them changes.
final class IntakeRules: Sendable {
  struct Current: Sendable {
    var products: ProductIntake
    var shipments: ShipmentIntake
  }

  private struct State {
    var generation: Int64 = -1
    var current: Current
  }

  private let state: Mutex<State>

  init(markets: [Market]) {
    let current = Current(
      products: ProductIntake(knownMarkets: markets), shipments: ShipmentIntake(knownMarkets: markets))
    state = Mutex(State(current: current))
  }

  var current: Current { state.withLock { $0.current } }

  func refresh(_ tx: borrowing Transaction) throws {
    let generation = try MarketPackStore.generation(tx)
    guard state.withLock({ $0.generation != generation }) else { return }
    var required: [Market: [String]] = [:]
    for (market, content) in try MarketPackStore.active(tx) {
      required[market] = try JSONCursor(content).strings("requiredFields")
    }
    state.withLock { state in
      state.generation = generation
      state.current.products.requiredFields = required
    }
  }

  /// The SKU or reference of a submission that may be wrong in every other way.
  static func reference(of data: JSONValue, _ kind: SubmissionKind) -> String? {
    let names = kind == .product ? ["sku", "SKU", "Sku"] : ["reference", "orderNumber", "order"]
    return names.lazy.compactMap { data[$0]?.numeral }.first { name in
      // PostgreSQL keeps no text with a NUL in it.
      !name.isEmpty && name.utf8.count <= 200 && !name.utf8.contains(0)
    }
  }
}

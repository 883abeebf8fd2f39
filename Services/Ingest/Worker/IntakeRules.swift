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
    guard case .object(let object) = data else { return nil }
    let names = kind == .product ? productNames : shipmentNames
    let members = object.members.prefix(membersMax).map { (name: plain($0.key), value: $0.value) }
    return names.lazy.compactMap { name in members.first { $0.name == name }?.value.numeral.map(trimmed) }
      // PostgreSQL keeps no text with a NUL in it.
      .first { !$0.isEmpty && $0.utf8.count <= 200 && !$0.utf8.contains(0) }
  }

  private static let membersMax = 500
  private static let productNames = ["sku", "itemnumber", "itemcode", "productcode"]
  private static let shipmentNames = ["reference", "ordernumber", "orderid", "orderreference"]

  /// As `itemNumber`, `item_number` and `Item Number` are one name.
  private static func plain(_ key: String) -> String {
    String(key.unicodeScalars.prefix(64).filter { !"_-. ".unicodeScalars.contains($0) }.map { Character($0) })
      .lowercased()
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

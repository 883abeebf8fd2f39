import Domain
import IngestEngine
import JSON

let markets = ["SG", "MY", "ID", "TH", "VN", "PH"].compactMap { Market($0) }

func parsed(_ text: String) throws -> JSONValue { try JSONParser.parse(text) }

/// A product that is right, with fields changed, added or (by null) taken away.
func product(_ changes: String = "{}") throws -> JSONValue {
  var object =
    try parsed(
      """
      {"sku": "TS-1", "title": "Men's knitted cotton T-shirt", "price": 12.50, "currency": "USD",
       "origin": "VN", "markets": ["SG"]}
      """
    ).objectValue ?? JSONObject()
  for member in try parsed(changes).objectValue?.members ?? [] {
    object[member.key] = member.value.isNull ? nil : member.value
  }
  return .object(object)
}

func read(_ changes: String = "{}", required: [Market: [String]] = [:]) throws -> IntakeVerdict<Product> {
  ProductIntake(knownMarkets: markets, requiredFields: required).read(try product(changes))
}

/// The field and the kind of each issue, in order: `/price invalid`.
func summary<T>(_ verdict: IntakeVerdict<T>) -> [String] { verdict.issues.map { "\($0.field) \($0.kind.rawValue)" } }

/// Random numbers that a seed repeats (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

import Domain
import JSON

/// A share of a whole, written to a ten-thousandth.
struct Share: Sendable {
  private let tenThousandths: Int

  init(_ value: Double) { tenThousandths = Int((min(max(value, 0), 1) * 10_000).rounded()) }

  var json: JSONValue { .number(Decimal(Int128(tenThousandths), scale: 4).description) }
  var percent: String { "\(tenThousandths / 100).\(tenThousandths % 100 / 10) %" }
}

import JSON

/// A calibrated probability in millionths: of everything shown at 0.9, nine in ten are right. An integer, so that two
/// machines that compute it store and hash the same bytes.
public struct Confidence: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let millionths: Int32

  public init(millionths: Int32) { self.millionths = min(max(millionths, 0), 1_000_000) }

  /// Not a number counts as no confidence: the safe side.
  public init(_ probability: Double) {
    let bounded = probability.isNaN ? 0 : min(max(probability, 0), 1)
    self.init(millionths: Int32((bounded * 1_000_000).rounded()))
  }

  public var probability: Double { Double(millionths) / 1_000_000 }
  public static func < (left: Confidence, right: Confidence) -> Bool { left.millionths < right.millionths }
  /// In thousandths, and never more than it is.
  public var description: String { Decimal(Int128(millionths / 1000), scale: 3).text(places: 3) }

  /// The next whole thousandth, where more is the safe side.
  public var ceiling: Confidence { Confidence(millionths: (millionths + 999) / 1000 * 1000) }
}

extension Confidence: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a probability from 0 to 1 with at most six decimals") { value in
      guard let decimal = value.numeral.flatMap({ Decimal($0) }), decimal >= 0, decimal <= 1 else { return nil }
      let millionths = decimal * 1_000_000
      return millionths.scale == 0 ? Confidence(millionths: Int32(millionths.coefficient)) : nil
    }
  }

  public var json: JSONValue { .number(Decimal(Int128(millionths), scale: 6).description) }
}

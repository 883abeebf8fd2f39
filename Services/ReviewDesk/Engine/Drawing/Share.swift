import Domain
import JSON

/// A part of a whole; nothing can be said of a whole of none.
public struct Share: Hashable, Sendable {
  public var part: Int64
  public var whole: Int64

  public init(_ part: Int64, of whole: Int64) {
    self.part = part
    self.whole = whole
  }

  public var value: Double? { whole > 0 ? Double(part) / Double(whole) : nil }
  public var percent: Phrase { value.map { Share.percent($0) } ?? "none yet" }

  static func percent(_ value: Double) -> Phrase {
    let thousandths = Int64((value * 1000).rounded())
    return thousandths % 10 == 0 ? "\(thousandths / 10) %" : "\(Decimal(Int128(thousandths), scale: 1)) %"
  }

  /// To a ten-thousandth; null of none.
  var json: JSONValue { value.map { Share.number($0) } ?? .null }

  static func number(_ value: Double) -> JSONValue {
    .number(Decimal(Int128((value * 10_000).rounded()), scale: 4).description)
  }
}

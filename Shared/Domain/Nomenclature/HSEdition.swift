/// An edition of the Harmonised System, by the year from which it holds.
public struct HSEdition: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let year: Int

  /// `2022`, or `HS2022` and `HS 2022` as people write it.
  public init?(_ text: String) {
    var digits = text[...]
    if digits.lowercased().hasPrefix("hs") { digits = digits.dropFirst(2).drop { $0 == " " } }
    guard digits.utf8.count == 4, let year = Int(digits), (1988...2999).contains(year) else { return nil }
    self.year = year
  }

  public var description: String { "HS \(year)" }
  public static func < (left: HSEdition, right: HSEdition) -> Bool { left.year < right.year }
}

import JSON

/// What a tariff line or an excise charges: a share of the value, an amount for each unit of quantity, or both. Written as
/// `12.5 %`, `450/kg`, `10 % + 450/kg` (both are due) or `10 % or 450/kg` (the higher is due). Amounts are in the market's
/// currency.
public struct DutyRate: Hashable, Sendable {
  public enum Term: Hashable, Sendable {
    case percent(Decimal)
    case specific(Decimal, per: QuantityUnit)
  }

  public enum Combination: Hashable, Sendable { case sum, highest }

  public let terms: [Term]
  public let combination: Combination

  public init(percent: Decimal) { self.init([.percent(percent)], .sum) }

  /// At least one term.
  public init(_ terms: [Term], _ combination: Combination = .sum) {
    precondition(!terms.isEmpty, "a rate has at least one term")
    self.terms = terms
    self.combination = terms.count == 1 ? .sum : combination
  }

  public init?(_ text: String) {
    let sums = text.split(separator: " + ", omittingEmptySubsequences: false)
    let choices = text.split(separator: " or ", omittingEmptySubsequences: false)
    guard sums.count == 1 || choices.count == 1 else { return nil }
    let parts = sums.count > 1 ? sums : choices
    let terms = parts.compactMap { Term($0) }
    guard terms.count == parts.count else { return nil }
    self.init(terms, sums.count > 1 ? .sum : .highest)
  }

  /// The percentage of a rate that goes by value alone.
  public var percent: Decimal? {
    guard terms.count == 1, case .percent(let percent) = terms[0] else { return nil }
    return percent
  }

  public var isZero: Bool { terms.allSatisfy(\.isZero) }
}

extension DutyRate.Term {
  fileprivate init?(_ text: Substring) {
    if text.hasSuffix(" %") {
      guard let percent = Decimal(String(text.dropLast(2))), Self.isUsable(percent, upTo: 1000) else { return nil }
      self = .percent(percent)
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let amount = Decimal(String(parts[0])), Self.isUsable(amount, upTo: 1_000_000_000),
      let unit = QuantityUnit(rawValue: String(parts[1]))
    else { return nil }
    self = .specific(amount, per: unit)
  }

  private static func isUsable(_ number: Decimal, upTo most: Decimal) -> Bool {
    !number.isNegative && number <= most && number.scale <= 6
  }

  fileprivate var isZero: Bool {
    switch self {
    case .percent(let number), .specific(let number, _): number.isZero
    }
  }
}

extension DutyRate.Term: CustomStringConvertible {
  public var description: String {
    switch self {
    case .percent(let percent): "\(percent) %"
    case .specific(let amount, let unit): "\(amount)/\(unit.rawValue)"
    }
  }
}

extension DutyRate: CustomStringConvertible {
  public var description: String {
    terms.map(\.description).joined(separator: combination == .sum ? " + " : " or ")
  }
}

extension DutyRate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a rate such as 12.5 % or 450/kg") { $0.stringValue.flatMap { DutyRate($0) } }
  }

  public var json: JSONValue { .string(description) }
}

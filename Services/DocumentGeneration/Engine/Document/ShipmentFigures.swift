import Domain

/// Every figure of a shipment, checked and computed once. The PDF and the JSON both print these and compute nothing.
struct ShipmentFigures {
  struct Line {
    let source: ShipmentLine
    let decided: ShipmentDocumentInput.DecidedLine
    let amount: Money
    /// The packages the line travels in, in their order.
    let packageMarks: [String]
  }

  let lines: [Line]
  let goods: Money
  /// Goods with freight and insurance; nil when one of them is in another currency, or neither is stated.
  let total: Money?
  /// nil when a line's weight is unknown: an unknown weight is not zero.
  let netWeightGrams: Decimal?
  let grossWeightGrams: Decimal?
  /// In the order in which the units first occur.
  let quantities: [(unit: String, quantity: Decimal)]

  init(_ input: ShipmentDocumentInput) throws(DocumentError) {
    try ShipmentCheck.check(input)
    let shipment = input.shipment
    var lines: [Line] = []
    for source in shipment.lines {
      guard let decided = input.decidedLines[source.number] else {
        throw DocumentError.missing(field: "decidedLines[\(source.number)]")
      }
      let marks = shipment.packages.filter { $0.lineNumbers.contains(source.number) }.map(\.mark)
      lines.append(Line(source: source, decided: decided, amount: source.amount, packageMarks: marks))
    }
    self.lines = lines
    goods = try ShipmentFigures.sum(lines.map(\.amount), in: shipment.currency)
    total = try ShipmentFigures.total(goods, shipment)
    netWeightGrams = ShipmentFigures.sum(lines.map(\.source.netWeightGrams))
    grossWeightGrams = ShipmentFigures.sum(shipment.packages.map(\.grossWeightGrams))
    quantities = ShipmentFigures.quantities(lines)
    if let netWeightGrams, let grossWeightGrams, grossWeightGrams < netWeightGrams {
      throw DocumentError.invalid(field: "shipment.packages", problem: "the gross weight is less than the net weight")
    }
  }

  private static func sum(_ amounts: [Money], in currency: CurrencyCode) throws(DocumentError) -> Money {
    var minorUnits: Int64 = 0
    for amount in amounts {
      let (sum, overflowed) = minorUnits.addingReportingOverflow(amount.minorUnits)
      if overflowed { throw DocumentError.invalid(field: "shipment.lines", problem: "the total is too large") }
      minorUnits = sum
    }
    return Money(minorUnits: minorUnits, currency: currency)
  }

  private static func total(_ goods: Money, _ shipment: Shipment) throws(DocumentError) -> Money? {
    let additions = [shipment.freight, shipment.insurance].compactMap { $0 }
    guard !additions.isEmpty, additions.allSatisfy({ $0.currency == shipment.currency }) else { return nil }
    return try sum([goods] + additions, in: shipment.currency)
  }

  private static func sum(_ weights: [Decimal?]) -> Decimal? {
    guard !weights.isEmpty else { return nil }
    return weights.reduce(Decimal.zero) { sum, weight in
      guard let sum, let weight else { return nil }
      return sum + weight
    }
  }

  private static func quantities(_ lines: [Line]) -> [(unit: String, quantity: Decimal)] {
    var quantities: [(unit: String, quantity: Decimal)] = []
    for line in lines {
      if let index = quantities.firstIndex(where: { $0.unit == line.source.unit }) {
        quantities[index].quantity = quantities[index].quantity + line.source.quantity
      } else {
        quantities.append((line.source.unit, line.source.quantity))
      }
    }
    return quantities
  }
}

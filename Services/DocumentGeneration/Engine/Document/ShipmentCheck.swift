import Domain

/// Refuses a shipment whose documents would be false or could not be computed.
enum ShipmentCheck {
  /// Far above any trade, and low enough that a product of two fits in 128 bits.
  private static let coefficientMax: Int128 = 1_000_000_000_000_000
  private static let amountMax: Decimal = 9_000_000_000_000_000_000

  static func check(_ input: ShipmentDocumentInput) throws(DocumentError) {
    try checkTexts(input)
    let numbers = Set(input.shipment.lines.map(\.number))
    guard !numbers.isEmpty else { throw DocumentError.missing(field: "shipment.lines") }
    guard numbers.count == input.shipment.lines.count else {
      throw DocumentError.invalid(field: "shipment.lines", problem: "two lines have the same number")
    }
    if let unknown = input.decidedLines.keys.filter({ !numbers.contains($0) }).min() {
      throw DocumentError.invalid(field: "decidedLines[\(unknown)]", problem: "the shipment has no such line")
    }
    for line in input.shipment.lines { try check(line, input) }
    for package in input.shipment.packages { try check(package, numbers) }
    try checkCost(input.shipment.freight, "shipment.freight")
    try checkCost(input.shipment.insurance, "shipment.insurance")
  }

  private static func checkTexts(_ input: ShipmentDocumentInput) throws(DocumentError) {
    let required = [
      ("tenantName", input.tenantName), ("documentNumber", input.documentNumber),
      ("shipment.reference", input.shipment.reference), ("shipment.seller.name", input.shipment.seller.name),
      ("shipment.consignee.name", input.shipment.consignee.name),
    ]
    for (field, text) in required where text.allSatisfy(\.isWhitespace) { throw DocumentError.missing(field: field) }
  }

  private static func check(_ line: ShipmentLine, _ input: ShipmentDocumentInput) throws(DocumentError) {
    let field = "shipment.lines[\(line.number)]"
    guard let decided = input.decidedLines[line.number] else {
      throw DocumentError.missing(field: "decidedLines[\(line.number)]")
    }
    guard decided.titles.contains(where: { !$0.text.allSatisfy(\.isWhitespace) }) else {
      throw DocumentError.missing(field: "decidedLines[\(line.number)].titles")
    }
    if let origin = line.origin, origin != decided.origin {
      throw DocumentError.invalid(
        field: "\(field).origin", problem: "the line says \(origin) and its decision \(decided.origin)")
    }
    guard line.unitPrice.currency == input.shipment.currency else {
      throw DocumentError.invalid(
        field: "\(field).unitPrice",
        problem: "is in \(line.unitPrice.currency), the shipment in \(input.shipment.currency)")
    }
    try checkAmount(line, field)
    try checkMeasure(line.netWeightGrams, "\(field).netWeightGrams")
  }

  private static func checkAmount(_ line: ShipmentLine, _ field: String) throws(DocumentError) {
    guard line.quantity > 0 else {
      throw DocumentError.invalid(field: "\(field).quantity", problem: "must be more than zero")
    }
    guard line.unitPrice.minorUnits >= 0 else {
      throw DocumentError.invalid(field: "\(field).unitPrice", problem: "must not be negative")
    }
    try checkMeasure(line.quantity, "\(field).quantity")
    let price = Int128(line.unitPrice.minorUnits)
    guard price < coefficientMax, line.quantity * Decimal(price) < amountMax else {
      throw DocumentError.invalid(field: "\(field).unitPrice", problem: "is too large")
    }
  }

  private static func check(_ package: Package, _ numbers: Set<Int>) throws(DocumentError) {
    let field = "shipment.packages[\(package.mark)]"
    if let unknown = package.lineNumbers.first(where: { !numbers.contains($0) }) {
      throw DocumentError.invalid(field: "\(field).lineNumbers", problem: "the shipment has no line \(unknown)")
    }
    try checkMeasure(package.grossWeightGrams, "\(field).grossWeightGrams")
  }

  private static func checkMeasure(_ measure: Decimal?, _ field: String) throws(DocumentError) {
    guard let measure else { return }
    guard !measure.isNegative else { throw DocumentError.invalid(field: field, problem: "must not be negative") }
    guard measure.coefficient < coefficientMax, measure.scale <= Decimal.scaleMax else {
      throw DocumentError.invalid(field: field, problem: "has too many digits")
    }
  }

  private static func checkCost(_ cost: Money?, _ field: String) throws(DocumentError) {
    guard let cost, cost.minorUnits < 0 else { return }
    throw DocumentError.invalid(field: field, problem: "must not be negative")
  }
}

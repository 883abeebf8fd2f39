import Domain
import JSON
import Testing

@testable import DocumentGenerationEngine

@Suite struct TotalsTests {
  @Test("the total is exactly the sum of the lines as printed", arguments: UInt64(1)...300)
  func sum(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let currency = ["USD", "VND", "KWD", "SGD"].randomElement(using: &random)!
    let lines = (1...Int.random(in: 1...40, using: &random)).map { number in
      let quantity = Decimal(
        Int128(Int.random(in: 1...9_999_999, using: &random)), scale: Int.random(in: 0...4, using: &random))
      return Example.line(
        number, quantity: quantity.description, price: Int64.random(in: 0...99_999_999, using: &random),
        currency: currency)
    }
    let input = Example.input(lines: lines, currency: currency)
    let figures = try ShipmentFigures(input)
    let json = DocumentJSON(kind: .commercialInvoice, input: input, figures: figures, inputHash: "").bytes
    let document = try JSONParser.parse(json)
    let printed = try #require(document["lines"]?.arrayValue).map { try #require(minorUnits($0["amount"])) }
    #expect(minorUnits(document["totals"]?["goods"]) == printed.reduce(0, +))
    for (line, amount) in zip(lines, printed) { #expect(abs(exactError(line, amount)) <= Decimal(5, scale: 1)) }
  }

  /// Read from the printed digits, not with the code under test.
  private func minorUnits(_ money: JSONValue?) -> Int64? {
    money?["amount"]?.stringValue.flatMap { Int64($0.filter { $0 != "." }) }
  }

  private func exactError(_ line: ShipmentLine, _ amount: Int64) -> Decimal {
    line.quantity * Decimal(Int128(line.unitPrice.minorUnits)) - Decimal(Int128(amount))
  }

  private func abs(_ value: Decimal) -> Decimal { value.isNegative ? Decimal.zero - value : value }
}

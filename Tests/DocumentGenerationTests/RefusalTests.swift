import Domain
import Testing

@testable import DocumentGenerationEngine

@Suite struct RefusalTests {
  @Test("text that no font can print is refused, with its field, its text and its script")
  func unknownGlyph() {
    var input = Example.input(lines: [Example.line(1)])
    input.decidedLines[1]?.titles = [LocalizedText("Bag \u{1E290}\u{1E291}")]
    #expect(
      throws: DocumentError.unknownGlyph(
        field: "decidedLines[1].titles", text: "Bag \u{1E290}\u{1E291}", script: "Toto")
    ) { try DocumentSet.generate(input) }
  }

  @Test("a private-use character in an address is refused")
  func privateUse() {
    var input = Example.input(lines: [Example.line(1)])
    input.shipment.consignee.address = "8 Jurong\nUnit \u{F8F0}"
    #expect {
      try DocumentSet.generate(input)
    } throws: { error in
      (error as? DocumentError)?.field == "shipment.consignee.address"
    }
  }

  @Test(
    "characters that change what is read without being seen are refused",
    arguments: [
      ("\u{0}", "U+0000"), ("\u{1B}", "U+001B"), ("\u{9B}", "U+009B"), ("\u{202E}", "U+202E"), ("\u{2066}", "U+2066"),
      ("\u{E0041}", "U+E0041"), ("\u{FFFE}", "U+FFFE"),
    ])
  func invisible(_ character: String, _ codePoint: String) throws {
    var input = Example.input(lines: [Example.line(1)])
    input.shipment.lines[0].sku = "A\(character)9.99"
    #expect {
      try DocumentSet.generate(input)
    } throws: { error in
      guard case .invisibleCharacter("shipment.lines[1].sku", let text, codePoint)? = error as? DocumentError else {
        return false
      }
      return text == "SKU A\u{FFFD}9.99"
    }
  }

  @Test("markup is three characters like any other, and line ends in a title are spaces")
  func markup() throws {
    let title = "<b>Cotton</b> &amp; <span size='99999'>silk</span>\r\nscarf"
    let input = Example.input(lines: [Example.line(1)], titles: [LocalizedText(title)])
    let text = try Poppler.text(try #require(try Example.pdf(.packingList, input)))
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("<b>Cotton</b> &amp; <span"))
    #expect(words.contains("silk</span> scarf"))
  }

  @Test("direction marks are kept, and harm no figure beside them")
  func directionMarks() throws {
    let input = Example.input(
      lines: [Example.line(1)], titles: [LocalizedText("\u{200F}\u{200F}Scarf\u{200F}"), LocalizedText("وشاح\u{200E}")])
    let text = try Poppler.text(try #require(try Example.pdf(.commercialInvoice, input)))
    #expect(text.contains("6109.10.00 Viet Nam (VN) 12 pcs 12.50 150.00"))
  }

  @Test("a line without a decision is refused: nothing bypasses a control")
  func undecided() {
    var input = Example.input(lines: [Example.line(1), Example.line(2)])
    input.decidedLines[2] = nil
    #expect(throws: DocumentError.missing(field: "decidedLines[2]")) { try DocumentSet.generate(input) }
  }

  @Test("a shipment whose documents would be false is refused by field", arguments: Flaw.allCases)
  func flawed(_ flaw: Flaw) {
    var input = Example.input(lines: [Example.line(1), Example.line(2)])
    flaw.spoil(&input)
    #expect {
      try DocumentSet.generate(input)
    } throws: { error in
      (error as? DocumentError)?.field == flaw.rawValue
    }
  }

  enum Flaw: String, CaseIterable {
    case noLines = "shipment.lines"
    case strangeDecision = "decidedLines[9]"
    case noTitle = "decidedLines[1].titles"
    case originConflict = "shipment.lines[1].origin"
    case zeroQuantity = "shipment.lines[1].quantity"
    case negativePrice = "shipment.lines[1].unitPrice"
    case hugePrice = "shipment.lines[2].unitPrice"
    case hugeWeight = "shipment.lines[1].netWeightGrams"
    case strangePackage = "shipment.packages[A].lineNumbers"
    case lighterThanItsContent = "shipment.packages"
    case negativeFreight = "shipment.freight"
    case blankNumber = "documentNumber"
    case blankSeller = "shipment.seller.name"
    case endlessText = "decidedLines[2].codeTitle"
    case endlessAddress = "shipment.seller.address"

    func spoil(_ input: inout ShipmentDocumentInput) {
      switch self {
      case .noLines: (input.shipment.lines, input.decidedLines) = ([], [:])
      case .strangeDecision: input.decidedLines[9] = input.decidedLines[1]
      case .noTitle: input.decidedLines[1]?.titles = [LocalizedText(" ")]
      case .originConflict: input.shipment.lines[0].origin = CountryCode("CN")
      case .zeroQuantity: input.shipment.lines[0].quantity = 0
      case .negativePrice: input.shipment.lines[0].unitPrice = money(-1)
      case .hugePrice: input.shipment.lines[1].unitPrice = money(.max)
      case .hugeWeight: input.shipment.lines[0].netWeightGrams = Decimal(Int128.max / 2)
      case .strangePackage: input.shipment.packages = [Package(mark: "A", lineNumbers: [7])]
      case .lighterThanItsContent:
        input.shipment.packages = [Package(mark: "A", lineNumbers: [1, 2], grossWeightGrams: 1)]
      case .negativeFreight: input.shipment.freight = money(-5)
      case .blankNumber: input.documentNumber = " "
      case .blankSeller: input.shipment.seller.name = ""
      case .endlessText: input.decidedLines[2]?.codeTitle = String(repeating: "endless words ", count: 2000)
      case .endlessAddress: input.shipment.seller.address = String(repeating: "street\n", count: 200)
      }
    }

    private func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: CurrencyCode("USD")!) }
  }
}

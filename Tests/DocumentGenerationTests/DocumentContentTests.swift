import Domain
import JSON
import Testing

@testable import DocumentGenerationEngine

@Suite struct DocumentContentTests {
  @Test("the invoice and the packing list each come as PDF and as JSON, with their names, types and hashes")
  func set() throws {
    var input = Example.demanding
    input.documentNumber = "INV/2026/7 ../x"
    let documents = try DocumentSet.generate(input)
    #expect(
      documents.map(\.name) == [
        "commercial-invoice-INV-2026-7----x.pdf", "commercial-invoice-INV-2026-7----x.json",
        "packing-list-INV-2026-7----x.pdf", "packing-list-INV-2026-7----x.json",
      ])
    #expect(
      documents.map(\.mediaType) == ["application/pdf", "application/json", "application/pdf", "application/json"])
    for document in documents { #expect(document.sha256 == Example.sha256(document.bytes)) }
  }

  @Test("the PDF prints the JSON's figures, line by line and in total")
  func figures() throws {
    let input = Example.demanding
    let json = try Example.json(.commercialInvoice, input)
    let text = try Poppler.text(try #require(try Example.pdf(.commercialInvoice, input)))
    for line in try #require(json["lines"]?.arrayValue) {
      let figures = [line["unitPrice"]?["amount"], line["amount"]?["amount"]].compactMap { $0?.stringValue }
      #expect(text.contains(figures.map(Example.grouped).joined(separator: " ")))
      #expect(text.contains(try #require(line["code"]?.stringValue)))
      #expect(text.contains("(\(try #require(line["origin"]?.stringValue)))"))
      #expect(text.contains("SKU \(try #require(line["sku"]?.stringValue))"))
    }
    for (label, key) in [
      ("Total of goods", "goods"), ("Freight", "freight"), ("Insurance", "insurance"), ("Total", "total"),
    ] {
      let amount = try #require(json["totals"]?[key]?["amount"]?.stringValue)
      #expect(text.contains("\(label) USD \(Example.grouped(amount))"))
    }
  }

  @Test("terms, weights, packages and declaration stand on the page and in the JSON")
  func terms() throws {
    let input = Example.demanding
    let json = try Example.json(.packingList, input)
    let text = try Poppler.text(try #require(try Example.pdf(.packingList, input)))
    for expected in ["CIF Port of Singapore", "Net weight 25.000 kg", "Gross weight 37.1255 kg", "Packages 3"] {
      #expect(text.contains(expected))
    }
    #expect(text.contains("HLH 2/3 4–7 60 × 40 × 30 cm 9.8755"))
    #expect(text.contains("HLH 1/3, HLH 2/3"))
    #expect(json["totals"]?["netWeightGrams"] == "25000")
    #expect(json["totals"]?["grossWeightGrams"] == "37125.5")
    #expect(json["shipment"]?["incoterm"] == "CIF")
    #expect(json["packages"]?.arrayValue?.count == 3)
    let declaration = try #require(json["declaration"]?.stringValue)
    #expect(text.contains(declaration))
  }

  @Test("a packing list carries no price")
  func packingListHasNoPrices() throws {
    let json = try Example.json(.packingList, Example.demanding)
    #expect(json["totals"]?["goods"] == nil)
    #expect(json["lines"]?.arrayValue?.allSatisfy { $0["unitPrice"] == nil && $0["amount"] == nil } == true)
    let text = try Poppler.text(try #require(try Example.pdf(.packingList, Example.demanding)))
    #expect(!text.contains("USD"))
  }

  @Test("the input's hash stands at the foot of every page, and changes with the input")
  func inputHash() throws {
    var input = Example.demanding
    let hash = input.hash
    for page in try Poppler.pages(try #require(try Example.pdf(.commercialInvoice, input))) {
      #expect(page.contains("input sha256 \(hash)"))
    }
    input.decidedLines[3]?.decisionID = DecisionID(UniqueID(high: 7, low: 7))
    #expect(input.hash != hash)
  }

  @Test("a sandbox document and a draft say so on every page, an issued one on none")
  func watermarks() throws {
    for page in try Poppler.pages(try #require(try Example.pdf(.commercialInvoice, Example.sandboxDraft))) {
      // Read letter by letter, as they stand on a slope.
      let letters = page.filter { !$0.isWhitespace }
      #expect(letters.contains("SANDBOX–NOTFORCUSTOMS"))
      #expect(letters.contains("DRAFT"))
    }
    let issued = try Poppler.text(try #require(try Example.pdf(.commercialInvoice, Example.demanding)))
    let letters = issued.filter { !$0.isWhitespace }
    #expect(!letters.contains("SANDBOX") && !letters.contains("DRAFT"))
    #expect(try Example.json(.commercialInvoice, Example.sandboxDraft)["sandbox"] == true)
  }

  @Test("a weight that one line lacks is not summed as if it were zero")
  func unknownWeight() throws {
    var input = Example.input(lines: [Example.line(1), Example.line(2)])
    input.shipment.lines[1].netWeightGrams = nil
    #expect(try Example.json(.packingList, input)["totals"]?["netWeightGrams"] == nil)
    #expect(!(try Poppler.text(try #require(try Example.pdf(.packingList, input))).contains("Net weight")))
  }

  @Test("freight in another currency is shown and not added")
  func foreignFreight() throws {
    var input = Example.input(lines: [Example.line(1)])
    input.shipment.freight = Money(minorUnits: 900, currency: CurrencyCode("SGD")!)
    let json = try Example.json(.commercialInvoice, input)
    #expect(json["totals"]?["total"] == nil)
    let text = try Poppler.text(try #require(try Example.pdf(.commercialInvoice, input)))
    #expect(text.contains("Freight SGD 9.00"))
    #expect(text.contains("Total of goods USD 150.00"))
  }

  @Test(
    "figures are grouped by thousands and never rounded",
    arguments: [
      ("1234567.5", "1,234,567.5"), ("999", "999"), ("1000", "1,000"), ("0.000001", "0.000001"), ("12.375", "12.375"),
    ])
  func quantities(_ given: String, _ printed: String) throws {
    #expect(FigureText.quantity(try #require(Decimal(given))) == printed)
  }

  @Test(
    "kilograms have three decimals, or all that the grams have",
    arguments: [
      ("2500", "2.500"), ("9875.5", "9.8755"), ("0", "0.000"), ("1234567890", "1,234,567.890"),
    ])
  func kilograms(_ grams: String, _ printed: String) throws {
    #expect(FigureText.kilograms(try #require(Decimal(grams))) == printed)
  }

  @Test("line numbers in a row are a range")
  func lineNumbers() {
    #expect(FigureText.lineNumbers([9, 1, 2, 5, 4, 6, 6]) == "1, 2, 4–6, 9")
    #expect(FigureText.lineNumbers([]) == "")
    #expect(FigureText.lineNumbers([Int.max, Int.min]) == "\(Int.min), \(Int.max)")
  }
}

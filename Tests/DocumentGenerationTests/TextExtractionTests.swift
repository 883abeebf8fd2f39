import Domain
import Foundation
import Testing

@testable import DocumentGenerationEngine

@Suite struct TextExtractionTests {
  @Test(
    "a title in each left-to-right script reads back exactly",
    arguments: Example.titles.filter { !Example.rightToLeftScripts.contains($0.script) })
  func leftToRight(_ entry: Example.Title) throws {
    #expect(try text(of: entry.title).contains("1 \(entry.title)"))
  }

  @Test(
    "a right-to-left title reads back word by word, with direction marks and ligatures resolved",
    arguments: Example.titles.filter { Example.rightToLeftScripts.contains($0.script) })
  func rightToLeft(_ entry: Example.Title) throws {
    let words = Example.withoutDirection(try text(of: entry.title)).split(whereSeparator: \.isWhitespace)
    #expect(words.joined(separator: " ").contains("1 \(entry.title)"))
  }

  @Test("right-to-left text with figures in it keeps the order of the text")
  func mixedDirection() throws {
    let words = Example.withoutDirection(try text(of: "زجاجة 750 مل")).split(whereSeparator: \.isWhitespace)
    #expect(words.joined(separator: " ").contains("زجاجة 750 مل"))
  }

  @Test("zero-width spaces in Khmer and joiners in Burmese survive, and show nothing")
  func zeroWidth() throws {
    let title = "ដប\u{200B}ទឹក\u{200B}ដែក"
    #expect(try text(of: title).replacing("\u{200B}", with: "").contains("ដបទឹកដែក"))
  }

  @Test("a long title wraps without losing a word")
  func wrapping() throws {
    let title = (1...60).map { "word\($0)" }.joined(separator: " ")
    let words = try text(of: title).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("word1 word2 word3"))
    for number in 1...60 { #expect(words.contains("word\(number)")) }
  }

  @Test("a number too long for its column breaks without a hyphen of ours")
  func longNumber() throws {
    var input = Example.input(lines: [Example.line(1)])
    input.shipment.lines[0].sku = String(repeating: "ABCDEFGHIJ0123456789", count: 12)
    input.documentNumber = String(repeating: "INV20260301", count: 9)
    let text = try Poppler.text(try #require(try Example.pdf(.packingList, input)))
    let joined = text.filter { !$0.isWhitespace }
    #expect(joined.contains(input.shipment.lines[0].sku))
    #expect(joined.contains("Packinglist\(input.documentNumber)Issued"))
  }

  @Test("each script is printed in the Noto font made for it, embedded, and in no other")
  func fonts() throws {
    let document = try #require(try Example.pdf(.commercialInvoice, Example.everyScript))
    let fonts = try Poppler.fonts(document)
    let families = Set(fonts.map { String($0.name.drop { $0 != "+" }.dropFirst()) })
    let regular = ["", "Thai", "Lao", "Khmer", "Myanmar", "CJKsc", "Tamil", "Arabic"].map { "NotoSans\($0)-Regular" }
    #expect(families == Set(regular + ["NotoSans-Bold"]))
    #expect(fonts.count { !$0.isEmbedded } == 0)
  }

  @Test("title and author are in the PDF's properties, in any script")
  func properties() throws {
    var input = Example.input(lines: [Example.line(1)])
    input.tenantName = "Hạ Long ขวดน้ำ (Pte) Ltd"
    let properties = try Poppler.properties(try #require(try Example.pdf(.packingList, input)))
    #expect(properties.contains("Packing list INV-2026-00418"))
    #expect(properties.contains("Hạ Long ขวดน้ำ (Pte) Ltd"))
  }

  @Test("every page of every document is clean to qpdf")
  func structure() throws {
    for input in [Example.everyScript, Example.demanding, Example.sandboxDraft] {
      for document in try DocumentSet.generate(input) where document.format == .pdf {
        let problems = try Poppler.qpdfProblems(document)
        #expect(problems.status == 0, "\(problems.output)")
      }
    }
  }

  private func text(of title: String) throws -> String {
    let input = Example.input(lines: [Example.line(1)], titles: [LocalizedText(title)])
    return try Poppler.text(try #require(try Example.pdf(.packingList, input)))
  }
}

import Domain
import Testing

@testable import DocumentGenerationEngine

@Suite struct AnyTextTests {
  /// Latin, marks, Hebrew, Arabic, Indic and South-East Asian scripts, punctuation and format characters, kana, Han,
  /// Hangul, presentation forms, variation selectors, emoji, and characters beyond the basic plane.
  private static let blocks: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0xA0...0x17F, 0x300...0x36F, 0x590...0x5FF, 0x600...0x6FF, 0x750...0x77F, 0x900...0x97F, 0xB80...0xBFF,
    0xE00...0xE7F, 0xE80...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x200B...0x200F, 0x2010...0x2060, 0x3040...0x30FF,
    0x4E00...0x4EFF, 0xAC00...0xACFF, 0xFB1D...0xFEFC, 0xFE00...0xFE0F, 0x1F300...0x1F64F, 0x20000...0x200FF,
  ]

  @Test("any text is either printed in a sound PDF or refused by field", arguments: UInt64(1)...16)
  func anyText(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var input = Example.input(lines: (1...12).map { Example.line($0) })
    for number in 1...12 {
      input.decidedLines[number]?.titles = [LocalizedText(AnyTextTests.text(&random)), LocalizedText("x")]
      input.decidedLines[number]?.codeTitle = AnyTextTests.text(&random)
    }
    let document = try #require(try printable(&input))
    let problems = try Poppler.qpdfProblems(document)
    #expect(problems.status == 0, "\(problems.output)")
    let text = try Poppler.text(document)
    #expect(text.contains("Total of goods USD 1,800.00"))
  }

  /// Takes refused characters out, one refusal after another, as a person correcting the input would.
  private func printable(_ input: inout ShipmentDocumentInput) throws -> GeneratedDocument? {
    for _ in 0..<2000 {
      do {
        return try Example.pdf(.commercialInvoice, input)
      } catch DocumentError.unknownGlyph(let field, _, _) {
        try shorten(&input, field)
      } catch DocumentError.invisibleCharacter(let field, _, _) {
        try shorten(&input, field)
      }
    }
    return nil
  }

  private func shorten(_ input: inout ShipmentDocumentInput, _ field: String) throws {
    let number = try #require(field.split(whereSeparator: { "[]".contains($0) }).dropFirst().first.flatMap { Int($0) })
    if field.hasSuffix("titles") {
      let title = try #require(input.decidedLines[number]?.titles[0].text)
      input.decidedLines[number]?.titles[0].text = String(title.unicodeScalars.dropLast(max(1, title.utf8.count / 8)))
    } else {
      let title = try #require(input.decidedLines[number]?.codeTitle)
      input.decidedLines[number]?.codeTitle = String(title.unicodeScalars.dropLast(max(1, title.utf8.count / 8)))
    }
  }

  private static func text(_ random: inout SeededRandom) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let block = blocks.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        if let scalar = Unicode.Scalar(UInt32.random(in: block, using: &random)) { scalars.append(scalar) }
      }
      if Bool.random(using: &random) { scalars.append(" ") }
    }
    return String(scalars)
  }
}

import Crypto
import Domain
import Foundation
import JSON
import Testing

@testable import DocumentGenerationEngine

/// Inputs to make documents from.
enum Example {
  struct Title: Sendable, CustomTestStringConvertible {
    let script: String
    let title: String

    var testDescription: String { script }

    init(_ script: String, _ title: String) {
      self.script = script
      self.title = title
    }
  }

  static let rightToLeftScripts: Set<String> = ["Arabic", "Jawi"]

  static let titles = [
    Title("Latin", "Insulated stainless steel bottle, 750 ml"),
    Title("Vietnamese", "Bình giữ nhiệt bằng thép không gỉ, dung tích 750 ml"),
    Title("Thai", "ขวดน้ำสแตนเลสเก็บความเย็น ขนาดเจ็ดร้อยห้าสิบ"),
    Title("Lao", "ກະຕຸກນ້ຳສະແຕນເລດ ເກັບຄວາມເຢັນ"),
    Title("Khmer", "ដបទឹកដែកអ៊ីណុក រក្សាភាពត្រជាក់"),
    Title("Burmese", "သံမဏိရေဘူး အအေးထိန်း"),
    Title("Chinese", "不锈钢保温瓶，七百五十毫升"),
    Title("Tamil", "துருப்பிடிக்காத எஃகு நீர் பாட்டில்"),
    Title("Arabic", "زجاجة ماء من الفولاذ المقاوم للصدأ"),
    Title("Jawi", "بوتول اءير كلولي تاهن كارت دڠن ڤنوتوڤ ڽامن"),
  ]

  static func input(
    lines: [ShipmentLine], titles: [LocalizedText] = [LocalizedText("Cotton shirt", language: "en")],
    currency: String = "USD"
  ) -> ShipmentDocumentInput {
    var shipment = Shipment(
      reference: "SO-2026-00418", market: Market("SG")!,
      seller: Party(
        name: "Ha Long Homeware Joint Stock Company", country: CountryCode("VN"),
        address: "Lô 12, Khu công nghiệp Việt Hưng\nPhường Việt Hưng, TP. Hạ Long\nQuảng Ninh 01000",
        identifiers: ["Tax code 5701234567"]),
      consignee: Party(
        name: "Merlion Trading Pte. Ltd.", country: CountryCode("SG"),
        address: "8 Jurong Town Hall Road #24-05\n609434",
        identifiers: ["UEN 201912345K", "GST M90123456X"]),
      currency: CurrencyCode(currency)!, lines: lines)
    shipment.orderDate = CalendarDate("2026-02-27")
    shipment.incoterm = "CIF"
    shipment.incotermPlace = "Port of Singapore"
    shipment.exportCountry = CountryCode("VN")
    shipment.transportMode = "Sea"
    return ShipmentDocumentInput(
      tenantName: "Ha Long Homeware", shipment: shipment,
      decidedLines: Dictionary(uniqueKeysWithValues: lines.map { ($0.number, decided($0.number, titles: titles)) }),
      documentNumber: "INV-2026-00418", issuedAt: Instant("2026-03-02T03:15:00Z")!, sandbox: false, status: .issued)
  }

  static func decided(
    _ number: Int, titles: [LocalizedText], code: String = "61091000"
  ) -> ShipmentDocumentInput.DecidedLine {
    ShipmentDocumentInput.DecidedLine(
      code: HSCode(code)!, codeTitle: "T-shirts, singlets and other vests, of cotton, knitted or crocheted",
      titles: titles, origin: CountryCode("VN")!,
      decisionID: DecisionID(UniqueID(high: 0x0190_0000_0000_8000, low: 0x8000_0000_0000_0000 + UInt64(number))))
  }

  static func line(_ number: Int, quantity: String = "12", price: Int64 = 1250, currency: String = "USD")
    -> ShipmentLine
  {
    var line = ShipmentLine(
      number: number, sku: "SKU-\(number)", quantity: Decimal(quantity)!,
      unitPrice: Money(minorUnits: price, currency: CurrencyCode(currency)!))
    line.netWeightGrams = 2500
    return line
  }

  /// One line for each script.
  static var everyScript: ShipmentDocumentInput {
    var input = input(lines: titles.indices.map { line($0 + 1) })
    for (index, entry) in titles.enumerated() {
      input.decidedLines[index + 1] = decided(index + 1, titles: [LocalizedText(entry.title)])
    }
    return input
  }

  /// Long names, long addresses, right-to-left text, large and small figures, packages, freight and insurance.
  static var demanding: ShipmentDocumentInput {
    var lines = titles.indices.map { line($0 + 1, quantity: $0 % 3 == 0 ? "12.375" : "\(($0 + 1) * 144)") }
    lines[2].unitPrice = Money(minorUnits: 1_234_567_89, currency: CurrencyCode("USD")!)
    lines[4].unit = "KGM"
    lines[5].unit = "PR"
    lines[1].sku = "HLH-BOTTLE-750-STAINLESS-MATTE-BLACK-WITH-CARRY-LOOP-V2026"
    lines[3].description =
      "Gift set of two, in printed sleeve; the lid has a silicone seal and a carry loop of nylon webbing"
    var input = input(lines: lines)
    for (index, entry) in titles.enumerated() {
      input.decidedLines[index + 1] = decided(
        index + 1, titles: [LocalizedText(entry.title), LocalizedText("Insulated stainless steel bottle, 750 ml")],
        code: ["9617001000", "961700", "73239310", "851713000011"][index % 4])
    }
    input.decidedLines[2]?.origin = CountryCode("KR")!
    input.decidedLines[3]?.origin = CountryCode("BQ")!
    input.shipment.consignee.name = "Perniagaan dan Pengedaran Barangan Rumah Tangga Seri Iskandar Sendirian Berhad"
    input.shipment.consignee.address =
      "Unit 12-03A, Menara Perniagaan Antarabangsa Seri Iskandar, Jalan Sultan Abdul Halim Mu'adzam Shah, Taman "
      + "Perindustrian Bukit Raja Selatan, 41050 Klang, Selangor Darul Ehsan\nتامن ڤريندوسترين بوكيت راج"
    input.shipment.freight = Money(minorUnits: 184_000, currency: CurrencyCode("USD")!)
    input.shipment.insurance = Money(minorUnits: 12_550, currency: CurrencyCode("USD")!)
    input.shipment.packages = [
      Package(mark: "HLH 1/3", lineNumbers: [1, 2, 3, 4], grossWeightGrams: 15_250, dimensions: "60 × 40 × 40 cm"),
      Package(
        mark: "HLH 2/3", lineNumbers: [4, 5, 6, 7], grossWeightGrams: Decimal("9875.5"), dimensions: "60 × 40 × 30 cm"),
      Package(mark: "HLH 3/3", lineNumbers: [8, 9, 10], grossWeightGrams: 12_000, dimensions: "40 × 40 × 30 cm"),
    ]
    return input
  }

  static var sandboxDraft: ShipmentDocumentInput {
    var input = demanding
    input.sandbox = true
    input.status = .draft
    return input
  }

  static func pdf(_ kind: GeneratedDocument.Kind, _ input: ShipmentDocumentInput) throws -> GeneratedDocument? {
    try DocumentSet.generate(input).first { $0.kind == kind && $0.format == .pdf }
  }

  static func json(_ kind: GeneratedDocument.Kind, _ input: ShipmentDocumentInput) throws -> JSONValue {
    let document = try DocumentSet.generate(input).first { $0.kind == kind && $0.format == .json }
    return try JSONParser.parse(try #require(document).bytes)
  }

  static func sha256(_ bytes: [UInt8]) -> String { SHA256.hash(bytes).hex }

  /// Poppler marks right-to-left words with embeddings, and gives ligatures as one code point.
  static func withoutDirection(_ text: String) -> String {
    String(text.unicodeScalars.filter { !(0x202A...0x202E).contains($0.value) }.map(Character.init))
      .precomposedStringWithCompatibilityMapping
  }

  static func grouped(_ amount: String) -> String {
    let parts = amount.split(separator: ".")
    var digits = String(parts[0].reversed())
    digits = String(digits.enumerated().flatMap { $0 > 0 && $0 % 3 == 0 ? [",", $1] : [$1] })
    return ([String(digits.reversed())] + parts.dropFirst().map(String.init)).joined(separator: ".")
  }
}

import CSV
import Domain
import IngestEngine
import JSON
import Testing

@Suite struct IntakeFuzzTests {
  @Test(arguments: 0..<8)
  func `no product crashes intake, and what it accepts reads back as itself`(seed: UInt64) throws {
    var source = RandomSubmission(seed: seed)
    let intake = ProductIntake(knownMarkets: markets, requiredFields: [markets[0]: ["materials", "x"]])
    var acceptedCount = 0
    for _ in 0..<500 {
      let raw = source.product()
      let verdict = intake.read(raw)
      guard let product = verdict.accepted else {
        #expect(!verdict.issues.isEmpty, "seed \(seed): \(raw.text)")
        continue
      }
      acceptedCount += 1
      let stored = try JSONParser.parse(product.json.canonicalBytes)
      #expect(try Product(json: JSONCursor(stored)) == product, "seed \(seed): \(raw.text)")
      let again = intake.read(product.json)
      #expect(again.accepted == product, "seed \(seed): \(product.json.text) \(again.issues)")
    }
    #expect(acceptedCount > 20, "the generator must reach the accepting paths too")
  }

  @Test(arguments: 0..<4)
  func `no shipment crashes intake, and what it accepts reads back as itself`(seed: UInt64) throws {
    var source = RandomSubmission(seed: seed)
    let intake = ShipmentIntake(knownMarkets: markets, defaultSeller: Party(name: "Acme"))
    var acceptedCount = 0
    for _ in 0..<400 {
      let raw = source.shipment()
      guard let shipment = intake.read(raw).accepted else { continue }
      acceptedCount += 1
      #expect(try Shipment(json: JSONCursor(JSONParser.parse(shipment.json.bytes))) == shipment)
      let again = intake.read(shipment.json)
      #expect(again.accepted == shipment, "seed \(seed): \(shipment.json.text) \(again.issues)")
    }
    #expect(acceptedCount > 20)
  }

  @Test(arguments: 0..<8)
  func `no file crashes the reader, and chunks do not change what is read`(seed: UInt64) throws {
    var numbers = SeededNumbers(state: seed)
    for _ in 0..<150 {
      let alphabet: [UInt8] = Array("sku,title;\"\"\"\n\r\n\tab1=\u{FEFF}é,".utf8) + [0xFF, 0x00]
      let prefix = Bool.random(using: &numbers) ? Array("sku,title\n".utf8) : []
      let bytes =
        prefix + (0..<Int.random(in: 0...80, using: &numbers)).map { _ in alphabet.randomElement(using: &numbers)! }
      let whole = rows(bytes, chunk: bytes.count + 1)
      #expect(rows(bytes, chunk: 1) == whole, "seed \(seed): \(bytes)")
      #expect(rows(bytes, chunk: Int.random(in: 2...9, using: &numbers)) == whole, "seed \(seed): \(bytes)")
      var table = ProductCSV()
      do {
        try table.read(bytes) { _ in }
        try table.finish { _ in }
      } catch {}
    }
  }

  private func rows(_ bytes: [UInt8], chunk: Int) -> [String] {
    var reader = CSVReader()
    var result: [String] = []
    let note: (CSVRow) -> Void = { result.append("\($0.startLine) \($0.texts) \($0.problem ?? "")") }
    do {
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        try reader.read(Array(bytes[start..<min(start + chunk, bytes.count)]), row: note)
      }
      try reader.finish(row: note)
    } catch {
      result.append("\(error)")
    }
    return result
  }
}

/// Submissions that are partly right, partly nonsense.
struct RandomSubmission {
  private var numbers: SeededNumbers

  init(seed: UInt64) { numbers = SeededNumbers(state: seed) }

  private static let keys = [
    "sku", "title", "titles", "description", "materials", "ingredients", "intendedUse", "category", "attributes",
    "images", "origin", "price", "unitValue", "currency", "weight", "weightUnit", "weight_kg", "netWeightGrams",
    "grossWeight", "gtin", "brand", "supplier", "manufacturer", "variantOf", "hsCode", "markets", "title_th",
    "nonsense",
    "a/b~c", "",
  ]
  private static let texts = [
    "", " ", "cotton shirt", "gift", "60% cotton, 40% wool", "%", "100%", "% %", "60%60%", "1e999", "-0", "12.50",
    "0x10",
    "999999999999", "0.000000001", "1.000", "USD", "VND", "USD 12", "SG", "SG,MY", "China", "250 g", "1 kg", "kg", "e",
    "6109.10", "4006381333931", "https://a.example/x.png", "\u{202E}x", "e\u{301}", "\u{0}", "a > b > c", ">", "(",
    "((a,b)",
    "x: y; z: w", ":", "🧵👩‍👩‍👧", "ความ", "中文", "en", "1", "-5", "+", ".", "1.", ".5", "1e5", "e5", "5e", "\u{FFFF}",
    "a\u{300}b",
  ]
  private static let numerals = [
    "0", "1", "-1", "12.5", "1e3", "1E-7", "99999999999999999999999999999999999999", "0.1234567890123", "60", "40",
    "610910",
    "-0", "1e400", "9223372036854775807", "100",
  ]
  private static let names = [
    "name", "percent", "value", "unit", "text", "language", "amount", "currency", "en", "th", "x",
  ]

  private mutating func pick<T>(_ values: [T]) -> T { values.randomElement(using: &numbers)! }
  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }

  private mutating func value(depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0..<(depth > 2 ? 7 : 10), using: &numbers) {
    case 0: return .null
    case 1: return .bool(chance(50))
    case 2, 3: return (try? JSONParser.parse(pick(Self.numerals))) ?? .null
    case 4...6: return .string(pick(Self.texts) + (chance(10) ? pick(Self.texts) : ""))
    case 7: return .array((0..<Int.random(in: 0...3, using: &numbers)).map { _ in value(depth: depth + 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...4, using: &numbers) { object[pick(Self.names)] = value(depth: depth + 1) }
      return .object(object)
    }
  }

  private mutating func right(_ key: String) -> JSONValue {
    switch key {
    case "materials": pick(["cotton", ["cotton", "wool"], [["name": "cotton", "percent": 60]], "60% cotton, wool"])
    case "title": pick(["Cotton shirt", "Steel e\u{301}bottle", ["en": "Shirt of cotton", "th": "เสื้อผ้าฝ้าย"]])
    case "price": pick([12, "12.5", ["amount": "3", "currency": "USD"]])
    case "weight": pick(["250 g", "1.5 lb", ["value": 3, "unit": "oz"]])
    case "attributes": pick([["x": "1", "b": true], "x: 1; c: d", [["name": "x", "value": 3]]])
    case "titles": pick([["vi": "áo"], ["áo cotton"], [["text": "áo", "language": "vi_VN"]]])
    case "supplier", "manufacturer": pick(["Acme", ["name": "Acme", "country": "China", "identifiers": ["a;b"]]])
    default: .string(pick(Self.texts))
    }
  }

  mutating func product() -> JSONValue {
    var object = JSONObject([
      ("sku", "A1"), ("title", right("title")), ("markets", pick(["SG", "MY,TH", ["ID"]])), ("currency", "USD"),
      ("materials", right("materials")), ("attributes", right("attributes")),
    ])
    for _ in 0..<Int.random(in: 0...6, using: &numbers) {
      let key = pick(Self.keys)
      object[key] = chance(70) ? right(key) : value()
    }
    return .object(object)
  }

  mutating func shipment() -> JSONValue {
    var object = JSONObject([
      ("reference", "SO-1"), ("market", "SG"), ("consignee", "Tan Ah Kow"), ("currency", pick(["USD", "VND"])),
    ])
    let lineCount = Int.random(in: 1...3, using: &numbers)
    object["lines"] = .array((0..<lineCount).map { _ in line() })
    for key in ["packages", "incoterm", "freight", "total", "seller", "orderDate", "transportMode", "insurance"]
    where chance(15) {
      object[key] =
        key == "incoterm" && chance(60) ? pick(["FOB Shenzhen", "DAP", "ddp (Incoterms 2020) Jakarta"]) : value()
    }
    if chance(20) {
      object["packages"] = [
        ["mark": "A", "lineNumbers": .array((1...lineCount).map { .integer(Int64($0)) }), "grossWeight": "5 kg"]
      ]
    }
    return .object(object)
  }

  private mutating func line() -> JSONValue {
    var object = JSONObject([("sku", "A1"), ("quantity", pick([1, 3, "2"])), ("unitPrice", pick([5, "7", 12]))])
    for key in ["number", "quantity", "unit", "unitPrice", "netWeight", "origin", "amount"] where chance(6) {
      object[key] = value()
    }
    return .object(object)
  }
}

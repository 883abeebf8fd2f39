import Testing

@testable import AMQP

@Suite("Frames and tables")
struct WireTests {
  @Test("properties survive the way to C and back", arguments: 0..<200 as Range<UInt64>)
  func randomTables(seed: UInt64) {
    var random = SeededRandom(seed)
    let pool = WirePool()
    for _ in 0..<5 {
      let headers = randomTable(&random, depth: 0)
      pool.recycle()
      #expect(FieldTable(pool.table(headers)) == headers)
      #expect(headers.encodedBytes() != nil)
    }
  }

  private func randomTable(_ random: inout SeededRandom, depth: Int) -> FieldTable {
    var table: FieldTable = [:]
    for index in 0..<Int.random(in: 0...6, using: &random) { table["k\(index)"] = randomValue(&random, depth: depth) }
    return table
  }

  private func randomValue(_ random: inout SeededRandom, depth: Int) -> FieldValue {
    switch Int.random(in: 0..<(depth > 4 ? 7 : 9), using: &random) {
    case 0: .string(String(repeating: "ก", count: Int.random(in: 0...3000, using: &random)))
    case 1: .int(Int64.random(in: .min ... .max, using: &random))
    case 2: .bool(.random(using: &random))
    case 3: .double(.random(in: -1e9...1e9, using: &random))
    case 4: .bytes((0..<Int.random(in: 0...50, using: &random)).map { _ in .random(in: 0...255, using: &random) })
    case 5: .timestamp(.random(in: 0...4_000_000_000, using: &random))
    case 6: .void
    case 7: .table(randomTable(&random, depth: depth + 1))
    default:
      .array((0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(&random, depth: depth + 1) })
    }
  }

  @Test("a table that is too deep or has too long a name cannot be written")
  func limits() {
    var value = FieldValue.void
    for _ in 0..<TableLimit.depthMax { value = .table(["x": value]) }
    #expect(["x": value].encodedBytes() != nil)
    #expect(["x": .table(["x": value])].encodedBytes() == nil)
    #expect([String(repeating: "n", count: 255): FieldValue.void].encodedBytes() == 4 + 1 + 255 + 1)
    #expect([String(repeating: "n", count: 256): FieldValue.void].encodedBytes() == nil)
  }

  private let head = ContentHead.returned(code: 312, text: "NO_ROUTE", exchange: "e", routingKey: "k")

  @Test("content is put together from any cut of its body", arguments: 0..<100 as Range<UInt64>)
  func content(seed: UInt64) throws {
    var random = SeededRandom(seed)
    var assembler = ContentAssembler(bodyBytesMax: 600)
    for _ in 0..<5 {
      let body = (0..<Int.random(in: 0...1000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      try assembler.begin(head)
      var content = try assembler.header(MessageProperties(messageID: "m"), bodyBytes: UInt64(body.count))
      var left = body[...]
      while content == nil {
        let fragment = left.prefix(Int.random(in: 1...300, using: &random))
        left = left.dropFirst(fragment.count)
        content = try fragment.withUnsafeBytes { bytes throws(AMQPError) in try assembler.body(bytes) }
      }
      #expect(left.isEmpty)
      #expect(content?.head == head)
      #expect(content?.isOversize == (body.count > 600))
      #expect(content?.body == (body.count > 600 ? [] : body))
      #expect(assembler.isIdle)
    }
  }

  @Test("frames out of order are an error")
  func contentOutOfOrder() throws {
    var assembler = ContentAssembler(bodyBytesMax: 10)
    #expect(throws: AMQPError.self) { try assembler.header(MessageProperties(), bodyBytes: 0) }
    #expect(throws: AMQPError.self) { try [1].withUnsafeBytes { try assembler.body($0) } }
    try assembler.begin(head)
    #expect(throws: AMQPError.self) { try assembler.begin(head) }
    #expect(throws: AMQPError.self) { try [1].withUnsafeBytes { try assembler.body($0) } }
    _ = try assembler.header(MessageProperties(), bodyBytes: 2)
    #expect(throws: AMQPError.self) { try assembler.header(MessageProperties(), bodyBytes: 2) }
    #expect(throws: AMQPError.self) { try [1, 2, 3].withUnsafeBytes { try assembler.body($0) } }
  }
}

import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct ValueTests {
  private typealias Value = PostgresEncodable & PostgresDecodable & Equatable & Sendable

  private static func expectRoundTrip<T: Value>(
    _ values: [T], _ tx: borrowing Transaction, location: SourceLocation = #_sourceLocation
  ) throws {
    for value in values {
      let one = try tx.query("SELECT $1", value).decode(row: 0, as: T.self)
      #expect(one == value, sourceLocation: location)
      let optional = try tx.query("SELECT $1", Optional(value)).decode(row: 0, as: T?.self)
      #expect(optional == value, sourceLocation: location)
    }
    let null = try tx.query("SELECT $1", T?.none).decode(row: 0, as: T?.self)
    #expect(null == nil, sourceLocation: location)
    let array = try tx.query("SELECT $1", values).decode(row: 0, as: [T].self)
    #expect(array == values, sourceLocation: location)
    let empty = try tx.query("SELECT $1", [T]()).decode(row: 0, as: [T].self)
    #expect(empty == [], sourceLocation: location)
    let sparse = [nil] + values.flatMap { [$0, nil] }
    let sparseBack = try tx.query("SELECT $1", sparse).decode(row: 0, as: [T?].self)
    #expect(sparseBack == sparse, sourceLocation: location)
    let nullArray = try tx.query("SELECT $1", [T]?.none).decode(row: 0, as: [T]?.self)
    #expect(nullArray == nil, sourceLocation: location)
  }

  @Test func everyTypeComesBackAsItWasSent() async throws {
    try await withPool { pool in
      try await pool.transaction { tx in
        try Self.expectRoundTrip([true, false], tx)
        try Self.expectRoundTrip([Int16.min, -1, 0, 1, Int16.max], tx)
        try Self.expectRoundTrip([Int32.min, -1, 0, 1, Int32.max], tx)
        try Self.expectRoundTrip([Int64.min, -1, 0, 1, Int64.max], tx)
        try Self.expectRoundTrip([Int.min, -1, 0, 1, Int.max], tx)
        try Self.expectRoundTrip([0, -0.5, .pi, .infinity, -.infinity, .leastNonzeroMagnitude], tx)
        try Self.expectRoundTrip(["", "a", "ກະເປົາ หนัง 皮包", "\"{},\\ NULL", "👜\u{301}"], tx)
        try Self.expectRoundTrip([[UInt8](), [0], Array(0...255)], tx)
        try Self.expectRoundTrip([PostgresUUID(hi: .max, lo: 0), PostgresUUID(hi: 0, lo: .max)], tx)
        try Self.expectRoundTrip([JSONText(text: #"{"n": [1, null], "hs": "4202.21"}"#), JSONText(text: "null")], tx)
        try Self.expectRoundTrip(
          [Int64(-1), 0, 1_795_132_800_123_456].map { PostgresTimestamp(microsecondsSinceUnixEpoch: $0) }, tx)
        try Self.expectRoundTrip([Int32(-1), 0, 20777].map { PostgresDate(daysSinceUnixEpoch: $0) }, tx)
      }
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func randomRowsComeBackAsTheyWereSent(seed: UInt64) async throws {
    try await withPool { pool in
      try await pool.transaction { tx in
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
          let texts = random.optionals { $0.text() }
          let blobs = random.optionals { $0.bytes() }
          let integers = random.optionals { Int64(bitPattern: $0.next()) }
          let uuids = random.optionals { PostgresUUID(hi: $0.next(), lo: $0.next()) }
          let text = random.text()
          let double = Double(bitPattern: random.next() & 0x7FEF_FFFF_FFFF_FFFF)
          let rows = try tx.query("SELECT $1, $2, $3, $4, $5, $6", texts, blobs, integers, uuids, text, double)
          let row = try rows.decode(
            row: 0, as: [String?].self, [[UInt8]?].self, [Int64?].self, [PostgresUUID?].self, String.self, Double.self)
          #expect(row.0 == texts)
          #expect(row.1 == blobs)
          #expect(row.2 == integers)
          #expect(row.3 == uuids)
          #expect(row.4 == text)
          #expect(row.5 == double)
        }
      }
    }
  }

  @Test func theServerUnderstandsWhatWeSend() async throws {
    try await withPool { pool in
      let seen = try await pool.transaction { tx in
        try tx.query(
          """
          SELECT $1::text, $2::text, $3::text, $4::text, ($5 AT TIME ZONE 'UTC')::text, $6::text, $7::text, $8::text
          """,
          ["a", nil, ""] as [String?], [1, 255] as [UInt8], [[1, 2], []] as [[UInt8]],
          PostgresUUID(hi: 0x0011_2233_4455_6677, lo: 0x8899_AABB_CCDD_EEFF),
          PostgresTimestamp(microsecondsSinceUnixEpoch: 1_795_132_800_000_001),
          PostgresDate(daysSinceUnixEpoch: 20777), [true, nil] as [Bool?], JSONText(text: "[1,2]")
        ).decode(
          row: 0, as: String.self, String.self, String.self, String.self, String.self, String.self, String.self,
          String.self)
      }
      #expect(seen.0 == #"{a,NULL,""}"#)
      #expect(seen.1 == #"\x01ff"#)
      #expect(seen.2 == #"{"\\x0102","\\x"}"#)
      #expect(seen.3 == "00112233-4455-6677-8899-aabbccddeeff")
      #expect(seen.4 == "2026-11-20 00:00:00.000001")
      #expect(seen.5 == "2026-11-20")
      #expect(seen.6 == "{t,NULL}")
      #expect(seen.7 == "[1, 2]")
    }
  }

  @Test func narrowerAndSystemTypesAreWidened() async throws {
    try await withPool { pool in
      let row = try await pool.transaction { tx in
        try tx.query(
          "SELECT 1::int2, 2::int4, 3::oid, '4'::xid8, 5::float4, 'n'::name, 'v'::varchar, 'c'::char(1), 7::int2"
        ).decode(
          row: 0, as: Int64.self, Int.self, Int64.self, Int64.self, Double.self, String.self, String.self,
          String.self, Int32.self)
      }
      #expect((row.0, row.1, row.2, row.3, row.4) == (1, 2, 3, 4, 5))
      #expect((row.5, row.6, row.7, row.8) == ("n", "v", "c", 7))
    }
  }

  @Test func numericsKeepEveryDigit() async throws {
    var random = SeededGenerator(seed: 7)
    let fixed = [
      "0", "0.0", "0.00001", "1", "-1", "10", "10000", "99999999", "100000000", "1.10", "-0.5", "12345.6789",
      "0.0000000000000000001", "123456789012345678901234567890.123456789", "1e40", "1e-40", "NaN", "Infinity",
      "-Infinity",
    ]
    let drawn = (0..<300).map { _ in
      "\(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))e\(Int.random(in: -30...30, using: &random))"
    }
    let numbers = fixed + drawn
    try await withPool { pool in
      let pairs = try await pool.transaction { tx in
        try tx.query("SELECT n, n::text FROM unnest($1::text[]::numeric[]) n", numbers)
          .map(String.self, String.self) { [$0, $1] }
      }
      #expect(pairs.count == numbers.count)
      for pair in pairs { #expect(pair[0] == pair[1]) }
    }
  }

  @Test func tenThousandElementsOfOneKibibyteFit() async throws {
    let element = [UInt8](repeating: 0x5A, count: 1024)
    let text = String(repeating: "x", count: 1024)
    try await withPool { pool in
      let (blobs, texts) = try await pool.transaction { tx in
        try tx.query("SELECT $1, $2", Array(repeating: element, count: 10_000), Array(repeating: text, count: 10_000))
          .decode(row: 0, as: [[UInt8]].self, [String].self)
      }
      #expect(blobs.count == 10_000 && blobs.allSatisfy { $0 == element })
      #expect(texts.count == 10_000 && texts.allSatisfy { $0 == text })
    }
  }

  enum Lane: String, PostgresEncodable, PostgresDecodable, Equatable { case auto, exception }

  @Test func enumsTravelAsTheirRawValues() async throws {
    try await withPool { pool in
      let lanes = try await pool.transaction { tx in
        try tx.query("SELECT $1, $2", Lane.auto, [Lane.exception]).decode(row: 0, as: Lane.self, [Lane].self)
      }
      #expect(lanes.0 == .auto && lanes.1 == [.exception])
      let error = try await postgresError {
        _ = try await pool.transaction { tx in try tx.query("SELECT 'x'::text").decode(row: 0, as: Lane.self) }
      }
      #expect(error.kind == .decode)
    }
  }

  @Test func aWrongTypeNamesTheColumn() async throws {
    try await withPool { pool in
      let wrongType = try await postgresError {
        _ = try await pool.transaction { tx in
          try tx.query("SELECT 1 AS quantity, 'x'::text AS sku").decode(row: 0, as: Int.self, Int.self)
        }
      }
      #expect(wrongType.kind == .decode)
      #expect(wrongType.column == "sku")
      let null = try await postgresError {
        _ = try await pool.transaction { tx in
          try tx.query("SELECT NULL::text AS sku").decode(row: 0, as: String.self)
        }
      }
      #expect(null.column == "sku")
      #expect("\(null)".contains("NULL"))
      let nullElement = try await postgresError {
        _ = try await pool.transaction { tx in
          try tx.query("SELECT ARRAY['a', NULL] AS tags").decode(row: 0, as: [String].self)
        }
      }
      #expect(nullElement.column == "tags")
      let tooDeep = try await postgresError {
        _ = try await pool.transaction { tx in
          try tx.query("SELECT ARRAY[[1, 2]] AS deep").decode(row: 0, as: [Int].self)
        }
      }
      #expect(tooDeep.column == "deep")
      let infinite = try await postgresError {
        _ = try await pool.transaction { tx in
          try tx.query("SELECT 'infinity'::timestamptz AS until").decode(row: 0, as: PostgresTimestamp.self)
        }
      }
      #expect(infinite.column == "until")
    }
  }

  @Test func theNumberOfTypesMustMatchTheColumns() async throws {
    try await withPool { pool in
      let error = try await postgresError {
        _ = try await pool.transaction { tx in try tx.query("SELECT 1, 2").decode(row: 0, as: Int.self) }
      }
      #expect(error.kind == .programmer)
    }
  }

  @Test func unsendableValuesAreRefusedBeforeTheServerSeesThem() async throws {
    try await withPool { pool in
      try await pool.transaction { tx in
        let values: [any PostgresEncodable] = [
          "nul\0here", ["nul\0here"], JSONText(text: "\"\0\""), PostgresTimestamp(microsecondsSinceUnixEpoch: .min),
          PostgresDate(daysSinceUnixEpoch: .min),
        ]
        for value in values {
          let error = try #require(throws: PostgresError.self) { _ = try tx.query("SELECT $1, $2", 1, value) }
          #expect(error.kind == .invalidData)
          #expect("\(error)".contains("$2"))
          #expect(!"\(error)".contains("here"))
        }
        let nested = try #require(throws: PostgresError.self) { _ = try tx.query("SELECT $1", [["a"]]) }
        #expect(nested.kind == .programmer)
        // The transaction is untouched by all this.
        #expect(try tx.query("SELECT 1").decode(row: 0, as: Int.self) == 1)
      }
    }
  }
}

extension SeededGenerator {
  fileprivate mutating func optionals<T>(_ make: (inout SeededGenerator) -> T) -> [T?] {
    (0..<Int.random(in: 0...20, using: &self)).map { _ in next() % 4 == 0 ? nil : make(&self) }
  }

  fileprivate mutating func bytes() -> [UInt8] {
    (0..<Int.random(in: 0...300, using: &self)).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  fileprivate mutating func text() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...40, using: &self) {
      let scalar = UInt32.random(in: 1...0x10FFFF, using: &self) >> UInt32.random(in: 0...14, using: &self)
      if scalar > 0, let scalar = Unicode.Scalar(scalar) { text.unicodeScalars.append(scalar) }
    }
    return text
  }
}

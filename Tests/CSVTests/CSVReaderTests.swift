import CSV
import JSON
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct CSVReaderTests {
  private func read(_ text: String, limits: CSVReader.Limits = .init()) throws -> [[String]] {
    var reader = CSVReader(limits: limits)
    var rows: [[String]] = []
    try reader.read(Array(text.utf8)) { rows.append($0.texts.map { $0 ?? "?" }) }
    try reader.finish { rows.append($0.texts.map { $0 ?? "?" }) }
    return rows
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("\u{FEFF}a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("a;b\n1;2,5\n", [["a", "b"], ["1", "2,5"]]),
    ("a\tb\r1\t2\r", [["a", "b"], ["1", "2"]]),
    ("a,b\n\"x\"\"y\",\"line 1\r\nline 2\"\n", [["a", "b"], ["x\"y", "line 1\r\nline 2"]]),
    ("\"a;b\",c\n1,2\n", [["a;b", "c"], ["1", "2"]]),
    ("a,b\n,\n\n1,\n", [["a", "b"], ["", ""], ["1", ""]]),
    ("a\n\"\"\n", [["a"], [""]]),
    ("a,b\n5\" pipe,2\n", [["a", "b"], ["5\" pipe", "2"]]),
    ("", []),
    ("\n\r\n", []),
  ])
  func `rows are read as RFC 4180 and spreadsheets write them`(text: String, expected: [[String]]) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: [
    ("a,b\n\"x\"y,2\n1,2\n", [false, true, false], "Text follows a closing quotation mark"),
    ("a,b\n\"x,2\n1,2\n", [false, true], "opened and never closed"),
    ("a\n\(String(repeating: "x", count: 20))\n1\n", [false, true, false], "longer than 16 bytes"),
    ("a,b,c\n1,2,3,4,5\n1\n", [false, true, false], "more than 3 cells"),
  ])
  func `a malformed row says why and does not stop the others`(text: String, malformed: [Bool], why: String) throws {
    var reader = CSVReader(limits: .init(columnsMax: 3, cellBytesMax: 16))
    var problems: [String?] = []
    try reader.read(Array(text.utf8)) { problems.append($0.problem) }
    try reader.finish { problems.append($0.problem) }
    #expect(problems.map { $0 != nil } == malformed)
    #expect(problems.compactMap(\.self).first?.contains(why) == true, "\(problems)")
  }

  @Test func `a row knows the line on which it begins`() throws {
    var reader = CSVReader()
    var lines: [Int] = []
    try reader.read(Array("a,b\n\"1\n2\n3\",x\n\ny,z\r\nw,v".utf8)) { lines.append($0.startLine) }
    try reader.finish { lines.append($0.startLine) }
    #expect(lines == [1, 2, 6, 7])
  }

  @Test func `a file has a limit of rows`() throws {
    #expect(throws: CSVError.tooManyRows(2)) { try read("a\n1\n2\n", limits: .init(rowsMax: 2)) }
    #expect(try read("a\n1\n", limits: .init(rowsMax: 2)).count == 2)
  }

  @Test func `a file in UTF-16 is refused`() throws {
    var reader = CSVReader()
    #expect(throws: CSVError.notUTF8) { try reader.read([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00]) { _ in } }
  }

  @Test func `a cell that is not UTF-8 is no text`() throws {
    var reader = CSVReader()
    var texts: [String?] = []
    try reader.read(Array("a,b\n".utf8) + [0xE9, 0x2C, 0x62, 0x0A]) { texts = $0.texts }
    #expect(texts == [nil, "b"])
  }

  @Test(
    .enabled(if: PublicVectors.csvSpectrum != nil, "csv-spectrum is not there; PABEAN_SHARED_DATA names its folder"),
    arguments: [
      "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
      "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
    ])
  // Without location_coordinates, whose expected JSON belongs to other bytes.
  func `the files of csv-spectrum are read as it expects`(name: String) throws {
    let folder = try #require(PublicVectors.csvSpectrum)
    let rows = try read(String(decoding: PublicVectors.bytes("\(folder)/csvs/\(name).csv"), as: UTF8.self))
    let header = try #require(rows.first)
    let objects = rows.dropFirst().map { row in
      JSONValue.object(JSONObject(zip(header, row).map { ($0, .string($1)) }))
    }
    #expect(try JSONParser.parse(PublicVectors.bytes("\(folder)/json/\(name).json")) == .array(Array(objects)))
  }
}

/// Public test vectors, which stand outside the repository.
enum PublicVectors {
  static let csvSpectrum: String? = {
    let data = getenv("PABEAN_SHARED_DATA").map { String(cString: $0) } ?? "../shared/data"
    let folder = "\(data)/vectors/csv-spectrum"
    return access(folder, R_OK) == 0 ? folder : nil
  }()

  static func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return bytes
  }
}

import CSV
import Testing

@Suite struct CSVWriterTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
    ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@SUM(A1)", "\"'@SUM(A1)\""), ("\tx", "\"'\tx\""),
    ("\rx", "\"'\rx\""), ("\n=x", "\"'\n=x\""), ("  =x", "\"'  =x\""), ("＝x", "\"'＝x\""), ("", ""), ("1-2", "1-2"),
    ("a=b", "a=b"), ("ä", "ä"),
  ])
  func `no cell is taken for a formula`(cell: String, written: String) {
    var writer = CSVWriter()
    writer.append([cell])
    #expect(String(decoding: writer.bytes, as: UTF8.self) == written + "\r\n")
  }

  @Test func `what is written is read back`() throws {
    let cells = ["a,b", "\"", "line 1\r\nline 2", "ความ", "", ";", " x "]
    var writer = CSVWriter()
    writer.append(["1", "2", "3", "4", "5", "6", "7"])
    writer.append(cells)
    var reader = CSVReader()
    var rows: [[String?]] = []
    try reader.read(writer.bytes) { rows.append($0.texts) }
    #expect(rows.last == cells)
  }
}

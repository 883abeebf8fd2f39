import CSV
import Testing

@Suite struct DelimitedTextTests {
  private func rows(_ text: String, _ delimiter: Unicode.Scalar = ",") -> [DelimitedText.Row] {
    DelimitedText(Array(text.utf8), delimiter: delimiter).rows
  }

  @Test func `Rows say where they begin, and a short row is empty beyond its end`() {
    let rows = rows("name,note\n\"Acme\nLtd\",\"a \"\"b\"\"\"\nOther\n")
    #expect(rows.map(\.line) == [1, 2, 4])
    #expect(rows[1].cells == ["Acme\nLtd", "a \"b\""])
    #expect(rows[2][1] == "" && rows[2][nil] == "")
  }

  @Test func `What authorities put around the rows is no row: a byte order mark, an empty line, an end-of-file mark`() {
    #expect(rows("\u{FEFF}a,b\r\n\r\n1,2\r\n\u{1A}").map(\.cells) == [["a", "b"], ["1", "2"]])
  }

  @Test func `A byte that is not UTF-8 spoils one letter, not the row`() {
    #expect(DelimitedText([0x61, 0xE9, 0x2C, 0x62]).rows.map(\.cells) == [["a\u{FFFD}", "b"]])
  }

  @Test func `A tab may part the cells, and then a comma is a letter`() {
    #expect(rows("a, b\tc", "\t").map(\.cells) == [["a, b", "c"]])
  }

  @Test func `Columns are found by name in any case and with any separator`() {
    #expect(DelimitedText.columns(rows("Ent_Num,SDN Name, sdn-type ")[0]) == ["entnum": 0, "sdnname": 1, "sdntype": 2])
  }
}

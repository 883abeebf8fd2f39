import JSON
import Testing

@testable import OperatorCommands

@Suite struct TerminalTests {
  @Test func `widths are columns of the terminal, not characters`() {
    #expect(DisplayWidth.of("mug") == 3)
    #expect(DisplayWidth.of("陶瓷马克杯") == 10)
    #expect(DisplayWidth.of("น้ำ") == 2)
    #expect(DisplayWidth.of("Cốc sứ") == 6)
    #expect(DisplayWidth.of("\u{1B}[31mred\u{1B}[0m") == 3)
  }

  @Test func `what is too long ends in an ellipsis within the limit`() {
    #expect(DisplayWidth.cut("陶瓷马克杯", to: 6) == "陶瓷…")
    #expect(DisplayWidth.cut("short", to: 5) == "short")
    #expect(DisplayWidth.cut("longer", to: 5) == "long…")
  }

  @Test func `columns line up whatever the script`() {
    var table = TextTable([TextTable.Column("what"), TextTable.Column("n", .right), TextTable.Column("more")])
    table.add("陶瓷", "1", "a")
    table.add("mug", "22", "b")
    #expect(
      table.text(RecordingConsole().console) == """
          what   n  more
          陶瓷   1  a
          mug   22  b

        """)
  }

  @Test func `a terminal's last column is cut at its edge, a pipe's is not`() {
    var table = TextTable([TextTable.Column("a"), TextTable.Column("b")])
    table.add("x", String(repeating: "long ", count: 20))
    let narrow = table.text(RecordingConsole(isTerminal: true, width: 40).console)
    #expect(narrow.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 40 })
    #expect(table.text(RecordingConsole().console).split(separator: "\n").contains { $0.count > 90 })
  }

  @Test func `a pipe gets neither colour nor progress`() {
    let recording = RecordingConsole()
    recording.console.progress("working")
    recording.console.line(recording.console.red("no"))
    #expect(recording.output == "no\n")
  }

  @Test func `laid out JSON is the same JSON`() throws {
    let value: JSONValue = [
      "short": ["a", 1, true, nil], "long": .array((0..<60).map { .integer($0) }), "empty": [:], "text": "\"\n",
    ]
    #expect(try JSONParser.parse(JSONLayout.text(value)) == value)
  }
}

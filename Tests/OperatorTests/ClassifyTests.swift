import JSON
import Testing

@testable import OperatorCommands

@Suite struct ClassifyTests {
  private func json(_ text: String) throws -> JSONValue { try JSONParser.parse(text) }

  @Test func `a product is classified without any server, with its reasons`() async throws {
    let (code, output, errors) = await RecordingConsole.run(
      "classify", "--title", "Ceramic coffee mug 350ml", "--attributes", "material: ceramic", "--category",
      "Home > Kitchen > Mugs", "--origin", "CN", "--market", "ID")
    #expect(code == .success, "\(errors)")
    #expect(output.contains("6912.00"))
    #expect(output.contains("for: "))
  }

  @Test func `its JSON is the answer as the services store it`() async throws {
    let (_, output, _) = await RecordingConsole.run("classify", "--title", "Ceramic coffee mug 350ml", "--json")
    let answer = try json(output)
    #expect(answer["candidates"]?.arrayValue?.first?["code"]?.stringValue == "691200")
    #expect(answer["isTooVague"]?.boolValue == false)
  }

  @Test func `what says too little is said to`() async {
    #expect(await RecordingConsole.run("classify", "--title", "spare parts").output.contains("too little"))
  }

  @Test func `a country or market that is none is refused`() async {
    #expect(await RecordingConsole.run("classify", "--title", "mug", "--origin", "Mars").code == .usage)
    #expect(await RecordingConsole.run("classify", "--title", "mug", "--market", "nowhere").code == .usage)
  }

  @Test func `an evaluation prints the figures that others read`() async throws {
    let path = "/tmp/pabean-evaluate-\(UInt64.random(in: 0...UInt64.max)).csv"
    defer { LocalFile.remove(path) }
    let rows = ["title,attributes,category,hs6", "Ceramic coffee mug,,,691200", "Bluetooth headphones,,,691200"]
    try LocalFile.write(rows.joined(separator: "\n"), to: path)
    let (code, output, errors) = await RecordingConsole.run("evaluate", path, "--history", path, "--json")
    #expect(code == .success, "\(errors)")
    let figures = try json(output)
    #expect(figures["rows"] == 2)
    for name in ["top1", "top3"] {
      for digits in ["2", "4", "6"] { #expect(figures[name]?[digits]?.numeral != nil, "\(name) \(digits)") }
    }
    for name in ["at90", "budget2", "budget5"] {
      for part in ["coverage", "precision"] { #expect(figures[name]?[part]?.numeral != nil, "\(name) \(part)") }
    }
    for name in ["ece6", "vague", "perSecond"] { #expect(figures[name]?.numeral != nil, "\(name)") }
    #expect(await RecordingConsole.run("evaluate", path).output.contains("6 digits: first "))
  }

  @Test func `rows that cannot be scored are left out aloud`() async throws {
    let path = "/tmp/pabean-evaluate-\(UInt64.random(in: 0...UInt64.max)).csv"
    defer { LocalFile.remove(path) }
    let rows = ["title,attributes,category,hs6", "Ceramic coffee mug,,,691200", "Bluetooth headphones,,,soon", "lamp"]
    try LocalFile.write(rows.joined(separator: "\n"), to: path)
    let (code, output, errors) = await RecordingConsole.run("evaluate", path, "--json")
    let figures = try json(output)
    #expect(code == .success && figures["rows"] == 1)
    #expect(errors.contains("\(path): 2 rows are left out, the first on line 3"), "\(errors)")
  }

  @Test func `a file without the columns is refused by name`() async throws {
    let path = "/tmp/pabean-evaluate-\(UInt64.random(in: 0...UInt64.max)).csv"
    defer { LocalFile.remove(path) }
    try LocalFile.write("name,code\nmug,691200\n", to: path)
    let (code, _, errors) = await RecordingConsole.run("evaluate", path)
    #expect(code == .failure)
    #expect(errors.contains(path) && errors.contains("title and hs6"))
  }
}

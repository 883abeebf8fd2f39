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
    let (code, _, errors) = await RecordingConsole.run("classify", "--title", "mug", "--market", "ZZ")
    #expect(code == .usage)
    #expect(errors.contains("--market ZZ is not a market; use one of BN, ID"), "\(errors)")
  }

  @Test func `an attribute without a value is refused, not dropped`() async {
    let (code, _, errors) = await RecordingConsole.run(
      "classify", "--title", "mug", "--attributes", "color: red; porcelain")
    #expect(code == .usage)
    #expect(errors.contains("' porcelain' has no value"), "\(errors)")
  }

  @Test func `a market has its national lines, and the answer says how far heading and set can be relied on`()
    async throws
  {
    let (_, text, _) = await RecordingConsole.run("classify", "--title", "Ceramic coffee mug 350ml", "--market", "id")
    #expect(text.contains("Indonesia declares 8 digits: national digits to be confirmed among 6912.00.00."), "\(text)")
    #expect(text.contains("Heading 6912 with ") && text.contains("chapter 69 with "), "\(text)")
    let (_, output, _) = await RecordingConsole.run(
      "classify", "--title", "Ceramic coffee mug 350ml", "--market", "ID", "--json")
    #expect(try json(output)["nationalLines"]?.arrayValue == ["69120000"])
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

  @Test func `training refuses options that go with another kind of training, and writes nothing`() async {
    let beside = await RecordingConsole.run("train", "--beside")
    #expect(beside.code == .usage && beside.errors.contains("--beside needs --tenant"))
    #expect(await RecordingConsole.run("train", "--tenant", "demo", "--out", "/tmp/x").code == .usage)
  }

  @Test func `odd files are told for what they are`() async throws {
    let path = "/tmp/pabean-evaluate-\(UInt64.random(in: 0...UInt64.max)).csv"
    defer { LocalFile.remove(path) }
    func evaluate(_ bytes: [UInt8]) async throws -> (code: ExitCode, output: String, errors: String) {
      try LocalFile.write(bytes, to: path)
      return await RecordingConsole.run("evaluate", path)
    }
    let none = try await evaluate(Array("title,hs6\nmug,soon\n".utf8))
    #expect(none.code == .failure && none.errors.contains("no row with a code"), "\(none)")
    let wide = try await evaluate([0xFF, 0xFE, 0x74, 0x00])
    #expect(wide.code == .failure && wide.errors.contains("is UTF-16"), "\(wide)")
    let latin = try await evaluate(Array("title;hs6\nCaf".utf8) + [0xE9] + Array(" mug;691200\n".utf8))
    #expect(latin.code == .success && latin.errors.contains("not UTF-8"), "\(latin)")
    #expect(latin.output.hasPrefix("rows 1"), "semicolons part cells too")
    #expect(latin.output.contains("2 % error: 0 accepted (0.0 %)\n"), "of nothing no share is right")
  }
}

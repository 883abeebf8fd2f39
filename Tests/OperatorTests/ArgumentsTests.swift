import Testing

@testable import OperatorCommands

@Suite struct ArgumentsTests {
  private let command = Command(
    "send", "Send", group: .work, operands: [Operand("FILE", ""), Operand("MORE", "", .optional)],
    options: [
      Option("to", "PLACE", "", isRequired: true), Option("quiet", nil, ""), Option("role", "ROLE", "", repeats: true),
    ]
  ) { _, _ in .success }

  private func parse(_ words: String...) throws -> Arguments { try Arguments(words, for: command) }

  private func complaint(_ words: String...) -> String? {
    do {
      _ = try Arguments(words, for: command)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `options may stand anywhere, with a space or an equals sign`() throws {
    let arguments = try parse("--to", "here", "a.csv", "--quiet")
    #expect(arguments["to"] == "here")
    #expect(arguments.operands == ["a.csv"])
    #expect(arguments.has("quiet"))
    #expect(try parse("a.csv", "--to=a=b")["to"] == "a=b")
  }

  @Test func `a value may begin with dashes`() throws {
    #expect(try parse("a.csv", "--to", "--odd")["to"] == "--odd")
  }

  @Test func `behind two dashes everything stands for itself`() throws {
    #expect(try parse("--to", "here", "--", "--quiet", "--").operands == ["--quiet", "--"])
  }

  @Test func `an option that repeats collects its values, and splits lists`() throws {
    #expect(try parse("a", "--to", "x", "--role", "a,b", "--role", "c").list("role") == ["a", "b", "c"])
  }

  @Test func `each mistake is named`() {
    #expect(complaint("--to", "x") == "FILE is missing")
    #expect(complaint("a") == "--to is missing")
    #expect(complaint("a", "b", "c", "--to", "x") == "'c' is one word too many")
    #expect(complaint("a", "--to") == "--to needs a value: --to PLACE")
    #expect(complaint("a", "--to=") == "--to needs a value: --to PLACE")
    #expect(complaint("a", "--to", "x", "--to", "y") == "--to stands twice")
    #expect(complaint("a", "--to", "x", "--quiet=1") == "--quiet takes no value")
    #expect(complaint("a", "-q", "--to", "x") == "unknown option '-q'; options begin with two dashes")
    #expect(complaint("a", "--qiuet", "--to", "x") == "there is no option --qiuet; did you mean --quiet?")
    #expect(complaint("a", "--elephants", "--to", "x") == "there is no option --elephants")
  }
}

@Suite struct CommandLineTests {
  @Test func `a mistyped command gets a suggestion and the exit status of a usage error`() async {
    let (code, output, errors) = await RecordingConsole.run("statsu")
    #expect(code == .usage)
    #expect(output.isEmpty)
    #expect(errors.contains("there is no command 'statsu'; did you mean 'status'?"))
  }

  @Test func `a mistyped second word gets a suggestion too`() async {
    #expect(await RecordingConsole.run("policy", "rolback").errors.contains("did you mean 'policy rollback'?"))
    #expect(await RecordingConsole.run("policy").errors.contains("needs one of: show, validate, activate"))
  }

  @Test func `nothing far from every command is suggested`() async {
    let (_, _, errors) = await RecordingConsole.run("xyzzy")
    #expect(errors.contains("there is no command 'xyzzy'") && !errors.contains("did you mean"))
  }

  @Test(arguments: CommandTable.commands.map(\.name))
  func `every command explains itself`(name: String) async throws {
    let words = name.split(separator: " ").map(String.init) + ["--help"]
    let recording = RecordingConsole()
    #expect(await OperatorProgram(words: words, console: recording.console).perform() == .success)
    let command = try #require(CommandTable.commands.first { $0.name == name })
    #expect(recording.output.contains("pabean \(name)"))
    for option in command.options { #expect(recording.output.contains("--\(option.name)")) }
    for line in recording.output.split(separator: "\n") { #expect(line.count <= 120, "\(line)") }
  }

  @Test func `the overview names every command, and no two have one name`() async {
    let (code, output, _) = await RecordingConsole.run()
    #expect(code == .success)
    for command in CommandTable.commands { #expect(output.contains("  \(command.name) ")) }
    #expect(Set(CommandTable.commands.map(\.name)).count == CommandTable.commands.count)
  }

  @Test func `a file that is not there is a failure, not a crash`() async {
    let (code, _, errors) = await RecordingConsole.run("policy", "validate", "/nowhere.json")
    #expect(code == .failure)
    #expect(errors.contains("/nowhere.json: No such file or directory"))
  }
}

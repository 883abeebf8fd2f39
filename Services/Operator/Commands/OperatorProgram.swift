import AMQP
import Configuration
import Glibc
import Postgres
import WorkerRuntime

/// The `pabean` command: finds what was asked for, does it, and says in plain words when it cannot.
public struct OperatorProgram: Sendable {
  private let words: [String]
  private let console: Console

  public init(_ arguments: [String]) {
    words = Array(arguments.dropFirst())
    console = Console.standard()
  }

  init(words: [String], console: Console) {
    self.words = words
    self.console = console
  }

  /// First of all, so that nothing that is started is left behind.
  public func catchSignalsIfLongRunning() {
    guard let found = try? CommandTable.find(words), found.command.isLongRunning else { return }
    Signals.prepare()
  }

  public func run() async -> Never { ProcessEnd.now(await perform().rawValue) }

  func perform() async -> ExitCode {
    if let text = helpText() {
      console.print(text)
      return .success
    }
    do {
      let (command, rest) = try CommandTable.find(words)
      return try await command.run(try Arguments(rest, for: command), console)
    } catch {
      return report(error)
    }
  }

  private func helpText() -> String? {
    var rest = words
    if rest.isEmpty { return HelpText.overview(console) }
    if rest == ["--version"] || rest == ["version"] { return "pabean \(BuildInfo.version)\n" }
    if rest.first == "help" {
      rest.removeFirst()
    } else {
      let options = rest.prefix { $0 != "--" }
      guard options.contains("--help") || options.contains("-h") else { return nil }
    }
    let path = Array(rest.prefix { !$0.hasPrefix("-") })
    if path.isEmpty { return HelpText.overview(console) }
    if let found = try? CommandTable.find(path) { return HelpText.command(found.command, console) }
    let family = HelpText.family(path[0])
    return family.isEmpty ? nil : family
  }

  private func report(_ error: any Error) -> ExitCode {
    switch error {
    case let error as UsageError:
      let topic = error.command.map { "pabean \($0) --help" } ?? "pabean --help"
      console.complain("\(error)", remedy: "'\(topic)' says what is possible")
      return .usage
    case let error as ConfigurationError:
      console.complain(error.description)
      return .configuration
    case let error as Failure: console.complain(error.reason, remedy: error.remedy)
    case let error as PostgresError where error.isInfrastructure:
      console.complain(
        "the database does not answer (\(error))", remedy: "'pabean up' starts one here; else check PABEAN_DATABASE_URL"
      )
    case let error as AMQPError:
      console.complain(
        "the broker does not answer (\(error))", remedy: "'pabean up' starts one here; else check PABEAN_AMQP_URL")
    case is CancellationError: console.complain("interrupted")
    default: console.complain("\(error)")
    }
    return .failure
  }
}

import Synchronization

@testable import OperatorCommands

/// A console that remembers what was written to it.
final class RecordingConsole: Sendable {
  private let written = Mutex<[(Console.Stream, String)]>([])
  private let isTerminal: Bool
  private let width: Int

  init(isTerminal: Bool = false, width: Int = 100) {
    self.isTerminal = isTerminal
    self.width = width
  }

  var console: Console {
    Console(isTerminal: isTerminal, width: width) { stream, text in
      self.written.withLock { $0.append((stream, text)) }
    }
  }

  var output: String { text(of: .output) }
  var errors: String { text(of: .error) }

  private func text(of stream: Console.Stream) -> String {
    written.withLock { entries in entries.filter { $0.0 == stream }.map(\.1).joined() }
  }

  /// Runs a command line as `pabean` would.
  static func run(_ words: String...) async -> (code: ExitCode, output: String, errors: String) { await run(words) }

  static func run(_ words: [String]) async -> (code: ExitCode, output: String, errors: String) {
    let recording = RecordingConsole()
    let code = await OperatorProgram(words: words, console: recording.console).perform()
    return (code, recording.output, recording.errors)
  }
}

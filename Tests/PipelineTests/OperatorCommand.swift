import JSON
import TestSupport
import Testing

/// `pabean` as the operator runs it: with the operator's rights, and nothing else in the environment.
struct OperatorCommand: Sendable {
  let pabean: Installation

  init(_ pabean: Installation) { self.pabean = pabean }

  @discardableResult
  func run(_ words: String..., fails: Bool = false) async throws -> String {
    let result = try await perform(words)
    #expect(result.succeeded != fails, "\(words): \(result)")
    return result.stdout + result.stderr
  }

  func json(_ words: String...) async throws -> JSONValue {
    let result = try await perform(words + ["--json"])
    #expect(result.succeeded, "\(words): \(result)")
    return try JSONParser.parse(Array(result.stdout.utf8))
  }

  /// - Returns: where the file is.
  func write(_ text: String, as name: String) async throws -> String {
    let path = "\(pabean.folder)/\(name)"
    let result = try await Subprocess.run("/usr/bin/tee", [path], stdin: Array(text.utf8))
    #expect(result.succeeded)
    return path
  }

  private func perform(_ words: [String]) async throws -> Subprocess.Result {
    try await Subprocess.run(
      "/usr/bin/env",
      [
        "-i", "PATH=/usr/bin:/bin", "USER=ana", "PABEAN_STATE=\(pabean.folder)/none",
        "PABEAN_DATABASE_URL=\(pabean.databaseURL(role: "pabean_operator"))", Installation.program("pabean"),
      ] + words, deadline: .seconds(120))
  }
}

import TestSupport

/// A Python environment for what Pabean is set beside, made once from infra/bench/requirements.txt.
struct PeerEnvironment: Sendable {
  static let sources = "\(Repository.root)/infra/bench"
  let folder: String

  var python: String { "\(folder)/python/bin/python" }

  func prepare() async throws {
    let result = try await Subprocess.run(
      "\(Repository.root)/infra/scripts/python-env.sh",
      ["\(folder)/python", "\(PeerEnvironment.sources)/requirements.txt"], deadline: .seconds(600))
    guard result.succeeded else { throw Unmeasurable("the peers' Python environment cannot be made: \(result)") }
  }
}

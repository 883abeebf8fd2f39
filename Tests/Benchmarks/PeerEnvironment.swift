import TestSupport

/// A Python environment for what Pabean is set beside, made once from a list in infra/bench. Each list has its own, so that
/// what cannot be had keeps nothing else from being measured.
struct PeerEnvironment: Sendable {
  enum Requirements: String, Sendable {
    case peers, names
  }

  static let sources = "\(Repository.root)/infra/bench"
  let folder: String
  let requirements: Requirements

  private var directory: String { "\(folder)/\(requirements.rawValue)-python" }
  var python: String { "\(directory)/bin/python" }

  func prepare() async throws {
    let result = try await Subprocess.run(
      "\(Repository.root)/infra/scripts/python-env.sh",
      [directory, "\(PeerEnvironment.sources)/\(requirements.rawValue)-requirements.txt"], deadline: .seconds(900))
    guard result.succeeded else { throw Unmeasurable("the peers' Python environment cannot be made: \(result)") }
  }
}

import FoundationEssentials

/// The outside judges: programs of other people that say whether a file keeps a standard. `make test` prepares those
/// of PyPI (infra/scripts/judges.txt) and installs those of Debian; tests that need an absent one are skipped.
public enum Judge {
  /// The interpreter whose environment has the judges of PyPI, if it was prepared.
  public static let python: String? = ProcessInfo.processInfo.environment["PABEAN_TEST_PYTHON"]

  public static let hasPython = python != nil
  public static let hasPromtool = FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")
  public static let hasShellcheck = FileManager.default.isExecutableFile(atPath: "/usr/bin/shellcheck")

  public struct NotPrepared: Error {}

  /// Runs a program of the Python environment, such as `check-jsonschema`, in the root of the repository.
  public static func run(_ program: String, _ arguments: [String]) async throws -> Subprocess.Result {
    try await Subprocess.run("env", ["--chdir", Repository.root, try path(of: program)] + arguments)
  }

  public static func path(of program: String) throws -> String {
    guard let python else { throw NotPrepared() }
    return String(python.dropLast("python".count)) + program
  }
}

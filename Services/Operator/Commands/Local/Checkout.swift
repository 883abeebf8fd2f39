import Glibc

/// Where the programs are, and the files that come with them.
struct Checkout: Sendable {
  /// The folder that holds `infra/scripts/servers.sh`.
  let root: String
  /// The folder of the workers' executables.
  let programs: String

  static func find(programs configured: String?) throws -> Checkout {
    let executable = executablePath()
    let beside = executable.lastIndex(of: "/").map { String(executable[..<$0]) } ?? "."
    let starts = LocalFile.andAbove(beside) + LocalFile.andAbove(LocalFile.workingFolder())
    guard let root = starts.first(where: { LocalFile.exists("\($0)/infra/scripts/servers.sh") }) else {
      throw Failure(
        "infra/scripts/servers.sh is not above \(beside)", remedy: "run 'pabean up' in a checkout of the project")
    }
    return Checkout(root: root, programs: configured ?? beside)
  }

  static func executablePath() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      let count = readlink("/proc/self/exe", buffer.baseAddress!, 4095)
      return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    }
  }

  func program(_ name: String) -> String { "\(programs)/\(name)" }
}

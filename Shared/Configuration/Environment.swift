@preconcurrency import Glibc

/// The environment variables of a process, read once.
public struct Environment: Sendable {
  public let variables: [String: String]
  /// What `NAME_FILE` variables point at.
  let readFile: @Sendable (_ path: String) -> Result<[UInt8], FileProblem>

  struct FileProblem: Error {
    let reason: String
  }

  /// An environment for tests: literal variables and files.
  public init(_ variables: [String: String], files: [String: String] = [:]) {
    self.variables = variables
    readFile = { path in
      files[path].map { .success(Array($0.utf8)) } ?? .failure(FileProblem(reason: "No such file or directory"))
    }
  }

  private init(readingProcess: Void) {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    self.variables = variables
    readFile = { Self.contents(ofFile: $0) }
  }

  /// The variables of this process.
  public static func process() -> Environment { Environment(readingProcess: ()) }

  /// Secrets are short; a larger file is the wrong file.
  private static let fileBytesMax = 65_536

  private static func contents(ofFile path: String) -> Result<[UInt8], FileProblem> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(FileProblem(reason: String(cString: strerror(errno)))) }
    defer { close(descriptor) }
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while contents.count <= fileBytesMax {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 { return .failure(FileProblem(reason: String(cString: strerror(errno)))) }
      if count == 0 { return .success(contents) }
      contents.append(contentsOf: chunk[..<count])
    }
    return .failure(FileProblem(reason: "is larger than \(fileBytesMax) bytes"))
  }
}

import Glibc

/// A program that is run as an independent judge.
enum Command {
  /// The exit code and the output, through the shell.
  static func run(_ command: String) async -> (exitCode: Int32, output: String) {
    await RawConnection.blocking {
      guard let pipe = popen("\(command) 2>&1", "r") else { return (-1, "cannot run") }
      var output: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = fread(&chunk, 1, chunk.count, pipe)
        if count == 0 { break }
        output.append(contentsOf: chunk[..<count])
      }
      let status = pclose(pipe)
      return (status >> 8 & 0xff, String(decoding: output, as: UTF8.self))
    }
  }

  /// A directory of this run's own, removed afterwards.
  static func withTemporaryDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    var template = Array("/tmp/pabean-http-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { fatalError("no temporary directory: \(String(cString: strerror(errno)))") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do {
      let result = try await body(path)
      _ = await run("rm -r \(path)")
      return result
    } catch {
      _ = await run("rm -r \(path)")
      throw error
    }
  }
}

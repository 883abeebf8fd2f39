import Glibc

/// Whole files. A file appears complete or not at all.
enum LocalFile {
  struct Problem: Error, CustomStringConvertible {
    var path: String
    var code: Int32
    var description: String { "\(path): \(String(cString: strerror(code)))" }
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func read(_ path: String) throws(Problem) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Problem(path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 { throw Problem(path: path, code: errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  static func readText(_ path: String) throws(Problem) -> String { String(decoding: try read(path), as: UTF8.self) }

  static func write(_ text: String, to path: String, isSecret: Bool = false) throws(Problem) {
    try write(Array(text.utf8), to: path, isSecret: isSecret)
  }

  /// - Parameter isSecret: readable by nobody else.
  static func write(_ bytes: [UInt8], to path: String, isSecret: Bool = false) throws(Problem) {
    let temporary = "\(path).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isSecret ? 0o600 : 0o644)
    guard descriptor >= 0 else { throw Problem(path: temporary, code: errno) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { break }
      written += max(count, 0)
    }
    let code = errno
    close(descriptor)
    guard written == bytes.count else { throw Problem(path: temporary, code: code) }
    guard rename(temporary, path) == 0 else { throw Problem(path: path, code: errno) }
  }

  static func remove(_ path: String) { unlink(path) }

  static func makeFolder(_ path: String) throws(Problem) {
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Problem(path: path, code: errno) }
  }

  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The last lines of a log.
  static func tail(_ path: String, lines: Int) -> String {
    guard let text = try? readText(path) else { return "" }
    return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
  }

  static func workingFolder() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      getcwd(buffer.baseAddress, 4096) == nil ? "." : String(cString: buffer.baseAddress!)
    }
  }

  /// A folder and the folders around it, nearest first.
  static func andAbove(_ path: String) -> [String] {
    var folders = [path]
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      folders.append(rest.isEmpty ? "/" : String(rest))
    }
    return folders
  }
}

import Glibc

/// Files that keep keys and exports.
enum AuditFile {
  static func text(_ path: String) throws(AuditFileError) -> String {
    let bytes = try bytes(path)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .unreadable(path, errno: EILSEQ) }
    return text
  }

  static func bytes(_ path: String) throws(AuditFileError) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw .unreadable(path, errno: errno) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    guard ferror(file) == 0 else { throw .unreadable(path, errno: errno) }
    return bytes
  }

  /// Never replaces a file: what is sealed with a lost key can be sealed by none.
  static func create(_ path: String, mode: mode_t, content: String) throws(AuditFileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .unwritable(path, errno: errno) }
    defer { close(descriptor) }
    try write(Array(content.utf8), to: descriptor, path)
    guard fsync(descriptor) == 0 else { throw .unwritable(path, errno: errno) }
  }

  /// Readable by everyone on the machine. A group may be what a container gets its secrets by.
  static func isOpenToOthers(_ path: String) throws(AuditFileError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path, errno: errno) }
    return status.st_mode & 0o007 != 0
  }

  fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(AuditFileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(path, errno: errno) }
      written += count
    }
  }
}

/// A file that grows beside its name and takes the name when it is whole.
struct AuditFileWriter: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  private static let bufferBytes = 1 << 18

  init(path: String) throws(AuditFileError) {
    self.path = path
    descriptor = open("\(path).part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unwritable(path, errno: errno) }
  }

  deinit { close(descriptor) }

  mutating func write(_ bytes: [UInt8]) throws(AuditFileError) {
    buffer += bytes
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  mutating func write(_ text: String) throws(AuditFileError) { try write(Array(text.utf8)) }

  mutating func finish() throws(AuditFileError) {
    try flush()
    guard fsync(descriptor) == 0, rename("\(path).part", path) == 0 else { throw .unwritable(path, errno: errno) }
  }

  private mutating func flush() throws(AuditFileError) {
    try AuditFile.write(buffer, to: descriptor, path)
    buffer.removeAll(keepingCapacity: true)
  }
}

public enum AuditFileError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(String, errno: Int32)
  case unwritable(String, errno: Int32)
  case open(String)
  case notAKey(String)

  public var description: String {
    switch self {
    case .unreadable(let path, let code): "\(path) cannot be read: \(String(cString: strerror(code)))"
    case .unwritable(let path, let code): "\(path) cannot be written: \(String(cString: strerror(code)))"
    case .open(let path): "\(path) can be used by everyone on this machine: chmod 600 \(path)"
    case .notAKey(let path): "\(path) has no Ed25519 key in PEM"
    }
  }
}

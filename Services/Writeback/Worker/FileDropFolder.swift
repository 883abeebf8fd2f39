import Domain
import Glibc
import JSON
import Store
import WritebackEngine

/// The folder under which each tenant's destinations find their files. A file appears whole or not at all.
struct FileDropFolder: Sendable {
  let path: String

  struct WriteError: Error, CustomStringConvertible {
    var step: String
    var code: Int32
    var description: String { "\(step): \(String(cString: strerror(code)))" }
  }

  func write(_ payloads: [[UInt8]], for tenant: TenantID, _ destination: Destination) throws {
    let format = destination.config["format"]?.stringValue.flatMap { FileDrop.Format(rawValue: $0) } ?? .jsonLines
    let drop = FileDrop(try payloads.map { try OutcomePayload(bytes: $0) }, as: format)
    let folder = "\(path)/\(tenant)/\(FileDropFolder.safe(destination.name))"
    try makeFolders(folder)
    let final = "\(folder)/\(drop.name)"
    if access(final, F_OK) != 0 {
      let temporary = "\(folder)/\(drop.temporaryName)"
      try writeDurably(drop.bytes, to: temporary)
      guard rename(temporary, final) == 0 else { throw WriteError(step: "rename", code: errno) }
    }
    try keepNames(in: folder)
  }

  /// The file's content is on the disk already, but its name is the folder's, and a crash could take it away again.
  private func keepNames(in folder: String) throws(WriteError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw WriteError(step: "open \(folder)", code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw WriteError(step: "fsync \(folder)", code: errno) }
  }

  /// A destination's name is a person's text and must not become a path.
  private static func safe(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
  }

  private func makeFolders(_ folder: String) throws(WriteError) {
    var partial = ""
    for part in folder.split(separator: "/", omittingEmptySubsequences: false) {
      partial += partial.isEmpty && part.isEmpty ? "" : (partial == "/" ? String(part) : "/\(part)")
      if partial.isEmpty || partial == "/" { continue }
      guard mkdir(partial, 0o750) == 0 || errno == EEXIST else {
        throw WriteError(step: "mkdir \(partial)", code: errno)
      }
    }
  }

  private func writeDurably(_ bytes: [UInt8], to file: String) throws(WriteError) {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw WriteError(step: "open \(file)", code: errno) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw WriteError(step: "write \(file)", code: errno) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw WriteError(step: "fsync \(file)", code: errno) }
  }
}

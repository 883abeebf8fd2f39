import Glibc

/// Published lists and names to measure against, never shipped: found by `PABEAN_SHARED_DATA`.
enum SharedData {
  static let root: String? = getenv("PABEAN_SHARED_DATA").map { String(cString: $0) }
  static var isPresent: Bool { root != nil }
  static let absence = "PABEAN_SHARED_DATA is not set: the lists and names to measure against are not here"

  struct Unreadable: Error { var path: String }

  static func read(_ path: String) throws -> [UInt8] {
    let full = "\(root ?? "")/\(path)"
    guard let file = fopen(full, "rb") else { throw Unreadable(path: full) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }
}

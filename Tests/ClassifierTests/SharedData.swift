import Glibc

/// Labelled data that is measured against and never shipped: found by `PABEAN_SHARED_DATA`.
enum SharedData {
  static let root: String? = getenv("PABEAN_SHARED_DATA").map { String(cString: $0) }
  static var isPresent: Bool { root != nil }
  static let absence = "PABEAN_SHARED_DATA is not set: the labelled data to measure against is not here"

  struct Unreadable: Error { var path: String }

  static func read(_ path: String, inShared: Bool = false) throws -> String {
    let full = inShared ? "\(root ?? "")/\(path)" : path
    guard let file = fopen(full, "rb") else { throw Unreadable(path: full) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

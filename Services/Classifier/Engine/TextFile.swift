import Glibc

/// Whole text files, read by libc: the engine needs no more of Foundation.
enum TextFile {
  static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "rb") else { throw failure(path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    guard ferror(file) == 0 else { throw failure(path) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw KnowledgeError(file: path, line: 0, reason: "is not UTF-8")
    }
    return text
  }

  /// Sorted, so that every machine reads the files in one order.
  static func names(in directory: String) throws -> [String] {
    guard let stream = opendir(directory) else { throw failure(directory) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { field in
          field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func failure(_ path: String) -> KnowledgeError {
    KnowledgeError(file: path, line: 0, reason: String(cString: strerror(errno)))
  }
}

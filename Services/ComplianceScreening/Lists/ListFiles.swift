import ComplianceScreeningEngine
import Domain
import Glibc

/// Lists in a folder, or in one file.
public struct ListFiles: Sendable {
  public struct Problem: Error, CustomStringConvertible, Sendable {
    public var path: String
    public var reason: String
    public var description: String { "\(path): \(reason)" }
  }

  /// Official files have a few megabytes; more is no list, or somebody's mistake.
  public static let bytesMax = 64 << 20

  public let files: [ListFile]
  /// When the lists that do not say it were published: the day at the end of the folder's or file's name, and else the day on
  /// which it was written, for that is when it was fetched.
  public let published: CalendarDate?

  public init(at path: String) throws(Problem) {
    let names = ListFiles.names(in: path)
    var files: [ListFile] = []
    for name in names ?? [] where ListFolder.mayBeList(name) {
      files.append(ListFile(name: name, bytes: try ListFiles.read("\(path)/\(name)")))
    }
    if names == nil { files = [ListFile(name: ListFiles.lastPart(path), bytes: try ListFiles.read(path))] }
    guard !files.isEmpty else { throw Problem(path: path, reason: "there are no CSV or XML files in it") }
    self.files = files
    let newest = names == nil ? [path] : files.map { "\(path)/\($0.name)" }
    published = ListFiles.day(in: path) ?? newest.compactMap(ListFiles.modified).max()
  }

  public func lists(published: CalendarDate? = nil) throws(ListFolder.Problem) -> [PartyList] {
    try ListFolder(files, published: published ?? self.published).lists()
  }

  /// nil for what is no folder.
  private static func names(in path: String) -> [String]? {
    guard let directory = opendir(path) else { return nil }
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

  private static func read(_ path: String) throws(Problem) -> [UInt8] {
    guard let file = fopen(path, "r") else { throw Problem(path: path, reason: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= bytesMax else { throw Problem(path: path, reason: "is larger than \(bytesMax) bytes") }
    }
    guard ferror(file) == 0 else { throw Problem(path: path, reason: "cannot be read") }
    return bytes
  }

  private static func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// `ofac_2021-07-07`
  private static func day(in path: String) -> CalendarDate? {
    let stem = lastPart(path).split(separator: ".").first ?? ""
    return CalendarDate(String(stem.suffix(10)))
  }

  private static func modified(_ path: String) -> CalendarDate? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return CalendarDate(daysSinceEpoch: Int64(status.st_mtim.tv_sec) / 86_400)
  }
}

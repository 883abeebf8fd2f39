import ComplianceScreeningEngine
import Domain
import Glibc

/// Lists in a folder, or in one file.
enum ListFiles {
  /// - Parameter published: when the lists that do not say it were published. Without it the day at the end of the folder's or
  ///   file's name counts, and else the day on which the file was written: that is when it was fetched.
  static func lists(at path: String, published: CalendarDate?) throws -> [PartyList] {
    let files = try isFolder(path) ? folder(path) : [ListFile(name: lastPart(path), bytes: try LocalFile.read(path))]
    guard !files.isEmpty else {
      throw Failure("there are no lists in \(path)", remedy: "name a folder of CSV or XML files")
    }
    do {
      return try ListFolder(files, published: published ?? day(in: path) ?? modified(path)).lists()
    } catch {
      throw Failure("\(error)", remedy: "'pabean lists import --help' says which forms are read")
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    guard let directory = opendir(path) else { return false }
    closedir(directory)
    return true
  }

  private static func folder(_ path: String) throws -> [ListFile] {
    try LocalFile.names(in: path).filter(ListFolder.mayBeList).map {
      ListFile(name: $0, bytes: try LocalFile.read("\(path)/\($0)"))
    }
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

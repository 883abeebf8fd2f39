import Glibc

/// Finds the files that a program reads beside itself: `PABEAN_DATA` where it is set, else `share/pabean` beside the
/// installed program, else the checkout that it was built in.
public struct DataFolder: Sendable {
  public let reference: String
  public let knowledge: String
  /// What became of the codes of each edition of the Harmonised System in the next.
  public var nomenclature: String { "\(reference)/nomenclature" }

  public init(configured path: String?) throws {
    let candidates = path.map { [$0] } ?? DataFolder.ancestors(of: DataFolder.executable())
    for folder in candidates {
      if let found = DataFolder.installed(in: folder) ?? DataFolder.checkout(in: folder) {
        (reference, knowledge) = found
        return
      }
    }
    throw NotFound(searched: candidates)
  }

  public struct NotFound: Error, CustomStringConvertible {
    let searched: [String]
    public var description: String {
      "no reference data found; set PABEAN_DATA to the folder that has `reference` and `knowledge` in it"
        + " (looked in \(searched.joined(separator: ", ")))"
    }
  }

  private static func installed(in folder: String) -> (String, String)? {
    for base in [folder, "\(folder)/share/pabean"] where exists("\(base)/reference") && exists("\(base)/knowledge") {
      return ("\(base)/reference", "\(base)/knowledge")
    }
    return nil
  }

  private static func checkout(in folder: String) -> (String, String)? {
    let (reference, knowledge) = ("\(folder)/Shared/ReferenceData", "\(folder)/Services/Classifier/Knowledge")
    return exists(reference) && exists(knowledge) ? (reference, knowledge) : nil
  }

  private static func ancestors(of path: String) -> [String] {
    var folders: [String] = []
    var rest = path[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      folders.append(rest.isEmpty ? "/" : String(rest))
    }
    return folders
  }

  private static func executable() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      let count = readlink("/proc/self/exe", start, 4095)
      return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : ""
    }
  }

  private static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }
}

/// Why a whole file cannot be read on.
public enum CSVError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooManyRows(Int)
  case notUTF8

  public var description: String {
    switch self {
    case .tooManyRows(let count): "The file has more than \(count) rows; split it."
    case .notUTF8: "The file is UTF-16; save it as 'CSV UTF-8'."
    }
  }
}

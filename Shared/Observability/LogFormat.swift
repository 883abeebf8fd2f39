import Glibc
import JSON

/// How a line looks.
public enum LogFormat: String, CaseIterable, Hashable, Sendable {
  /// One JSON object a line, for machines.
  case json
  /// For a person at a terminal.
  case text

  /// Text at a terminal, JSON otherwise.
  public static func automatic() -> LogFormat { isatty(STDERR_FILENO) == 1 ? .text : .json }

  func line(_ entry: LogEntry) -> [UInt8] {
    var bytes =
      switch self {
      case .json: entry.json.bytes
      case .text: Array(entry.text.utf8)
      }
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

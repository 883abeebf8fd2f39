import Glibc

/// Where a command writes. Colour and movement are for people alone: a pipe or a file gets plain lines.
public struct Console: Sendable {
  public enum Stream: Sendable { case output, error }

  let isTerminal: Bool
  let width: Int
  private let sink: @Sendable (Stream, String) -> Void

  init(isTerminal: Bool, width: Int = 100, sink: @escaping @Sendable (Stream, String) -> Void) {
    self.isTerminal = isTerminal
    self.width = width
    self.sink = sink
  }

  static func standard() -> Console {
    let isTerminal = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
    return Console(isTerminal: isTerminal, width: terminalWidth()) { stream, text in
      let bytes = Array(text.utf8)
      var written = 0
      bytes.withUnsafeBytes { buffer in
        while written < buffer.count {
          let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
          let count = write(stream == .output ? STDOUT_FILENO : STDERR_FILENO, rest.baseAddress, rest.count)
          if count < 0, errno == EINTR { continue }
          // The reader went away; there is nobody to tell.
          if count <= 0 { return }
          written += count
        }
      }
    }
  }

  private static func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 100 }
    return Int(size.ws_col)
  }

  // MARK: Writing

  /// As it is, without a line break of its own.
  func print(_ text: String) { sink(.output, text) }

  func line(_ text: String = "") { sink(.output, text + "\n") }

  func complain(_ reason: String, remedy: String? = nil) {
    sink(.error, "\(red("pabean:")) \(reason)\n" + (remedy.map { "  → \($0)\n" } ?? ""))
  }

  /// On standard error, so that it does not get into what is piped on.
  func note(_ text: String) { sink(.error, text + "\n") }

  /// Takes the place of the last such line. For people only.
  func progress(_ text: String) {
    guard isTerminal else { return }
    sink(.output, "\r\u{1B}[2K\(DisplayWidth.cut(text, to: width - 1))")
  }

  func clearProgress() {
    guard isTerminal else { return }
    sink(.output, "\r\u{1B}[2K")
  }

  // MARK: Emphasis

  func bold(_ text: String) -> String { styled("1", text) }
  func dim(_ text: String) -> String { styled("2", text) }
  func red(_ text: String) -> String { styled("31", text) }
  func green(_ text: String) -> String { styled("32", text) }
  func yellow(_ text: String) -> String { styled("33", text) }

  private func styled(_ code: String, _ text: String) -> String {
    isTerminal && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

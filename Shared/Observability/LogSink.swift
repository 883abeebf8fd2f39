import Glibc

/// Where finished lines go.
public struct LogSink: Sendable {
  let write: @Sendable (_ line: [UInt8]) -> Void

  public init(write: @escaping @Sendable (_ line: [UInt8]) -> Void) {
    self.write = write
  }

  /// One `write(2)` for each line: nothing is buffered, so nothing is lost in a crash, and lines of several threads
  /// and processes do not mix.
  public static func fileDescriptor(_ descriptor: Int32) -> LogSink {
    LogSink { line in
      line.withUnsafeBytes { bytes in
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
          if count < 0 && errno == EINTR { continue }
          // There is nowhere to report that the log is broken.
          guard count > 0 else { return }
          rest = rest.dropFirst(count)
        }
      }
    }
  }

  public static let standardError = fileDescriptor(STDERR_FILENO)
}

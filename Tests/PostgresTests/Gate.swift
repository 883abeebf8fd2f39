import Glibc

/// Blocks a thread, such as that of a transaction body, until it is opened.
final class Gate: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0)
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func pass() {
    var byte: UInt8 = 0
    _ = read(readEnd, &byte, 1)
  }

  func open() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }
}

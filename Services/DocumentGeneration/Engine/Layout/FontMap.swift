import CPango
import Synchronization

/// The fonts of the process, opened once.
///
/// One document is drawn at a time: threads share fonts inside Cairo 1.16 even when each has a font map of its own, and
/// two that measure the same font at once can crash. A document takes milliseconds; more throughput is more processes.
struct FontMap: ~Copyable {
  private static let shared = Mutex(FontMap())

  let map: OpaquePointer

  private init() {
    guard let map = pango_cairo_font_map_new() else { fatalError("Pango aborts when memory is exhausted") }
    self.map = map
  }

  static func withShared<Result: Sendable, Failure: Error>(
    _ body: (borrowing FontMap) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shared.withLock { fonts throws(Failure) in try body(fonts) }
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(map)) }
}

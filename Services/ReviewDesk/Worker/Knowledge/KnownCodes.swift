import Domain
import Synchronization

/// The six digits that the Harmonised System has. Read when the first is asked for, and never again: no later decision waits
/// for what else the replayer does.
final class KnownCodes: Sendable {
  private let replayer: Replayer
  private let subheadings = Mutex<Set<String>?>(nil)

  init(_ replayer: Replayer) { self.replayer = replayer }

  func has(_ code: HSCode) async throws -> Bool {
    if let known = subheadings.withLock({ $0 }) { return known.contains(code.subheading) }
    let read = try await replayer.subheadings()
    subheadings.withLock { $0 = read }
    return read.contains(code.subheading)
  }
}

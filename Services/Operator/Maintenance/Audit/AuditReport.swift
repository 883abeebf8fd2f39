import Domain
import Merkle

/// What a verification found.
public struct AuditReport: Sendable {
  public var tenant: TenantID
  /// Entries that are sealed, and checked.
  public var entryCount: UInt64 = 0
  public var checkpointCount = 0
  public var unsealedCount = 0
  /// The first thousand, in the order of the log.
  public var faults: [AuditFault] = []
  public var faultCount = 0
  /// The newest that is signed, to be kept elsewhere.
  public var head: SignedNote?
  /// Whether signatures were checked against a key that came from outside.
  public var isPinned: Bool

  public static let faultsMax = 1000

  public init(tenant: TenantID, isPinned: Bool) {
    self.tenant = tenant
    self.isPinned = isPinned
  }

  public var isIntact: Bool { faultCount == 0 }

  public func saveHead(to path: String) throws {
    guard let head else { return }
    var file = try AuditFileWriter(path: path)
    try file.write(head.description)
    try file.finish()
  }

  mutating func add(_ fault: AuditFault) {
    faultCount += 1
    if faults.count < AuditReport.faultsMax { faults.append(fault) }
  }
}

extension AuditReport: CustomStringConvertible {
  public var description: String {
    var lines = [
      "\(tenant): \(isIntact ? "intact" : "NOT INTACT"), \(entryCount) entries sealed by \(checkpointCount) checkpoints"
        + (unsealedCount > 0 ? ", \(unsealedCount) not sealed yet" : "")
    ]
    lines += faults.map { "  \($0)" }
    if faultCount > faults.count { lines.append("  and \(faultCount - faults.count) more") }
    if !isPinned {
      lines.append("  The signatures were checked with the keys that the database names; give --public-key to be sure.")
    }
    return lines.joined(separator: "\n")
  }
}

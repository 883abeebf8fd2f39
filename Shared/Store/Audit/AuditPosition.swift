/// Where an entry stands: by the transaction that wrote it, and within that by its number.
public struct AuditPosition: Hashable, Sendable, Comparable {
  public var xid: Int64
  public var seq: Int64

  /// Before every entry.
  public static let start = AuditPosition(xid: 0, seq: 0)

  public init(xid: Int64, seq: Int64) {
    self.xid = xid
    self.seq = seq
  }

  public static func < (left: AuditPosition, right: AuditPosition) -> Bool {
    (left.xid, left.seq) < (right.xid, right.seq)
  }
}

import Domain
import Store

/// One thing that is not as it was sealed.
public enum AuditFault: Hashable, Sendable {
  /// The entry's text, or its hash, is another than the sealed one.
  case changed(leaf: UInt64, seq: Int64)
  case removed(leaf: UInt64, seq: Int64)
  case movedTo(TenantID, leaf: UInt64, seq: Int64)
  /// An entry that says it is another tenant's.
  case movedFrom(String, seq: Int64)
  /// An entry that was put before entries that are sealed.
  case inserted(seq: Int64)
  /// The entry stands at the place of another.
  case reordered(leaf: UInt64, belongsAt: UInt64?)
  /// The entry is filed under another subject than its text names.
  case refiled(leaf: UInt64, seq: Int64)
  case leavesRemoved(Range<UInt64>)
  /// Leaves that no checkpoint covers.
  case leavesAdded(Range<UInt64>)
  /// The leaves between two checkpoints do not give the signed root.
  case leavesAltered(Range<UInt64>)
  case checkpointUntrusted(size: UInt64, reason: String)
  case checkpointAltered(size: UInt64)
  /// What the log was when a checkpoint was taken elsewhere is not what it is now.
  case historyRewritten(size: UInt64)
  case cut(from: UInt64, to: UInt64)
}

extension AuditFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .changed(let leaf, let seq): "entry \(leaf) (row \(seq)) was changed after it was sealed"
    case .removed(let leaf, let seq): "entry \(leaf) (row \(seq)) was removed"
    case .movedTo(let tenant, let leaf, let seq): "entry \(leaf) (row \(seq)) was moved to the tenant \(tenant)"
    case .movedFrom(let tenant, let seq): "row \(seq) is an entry of the tenant \(tenant) that was moved here"
    case .inserted(let seq): "row \(seq) was inserted among entries that are sealed"
    case .reordered(let leaf, let place?): "entry \(leaf) was reordered: what stands there belongs at \(place)"
    case .reordered(let leaf, nil): "entry \(leaf) was reordered: it is older than the one before it"
    case .refiled(let leaf, let seq): "entry \(leaf) (row \(seq)) is filed under another subject than it names"
    case .leavesRemoved(let range): "\(Self.leaves(range)) removed from the log"
    case .leavesAdded(let range): "\(Self.leaves(range)) added to the log without a checkpoint"
    case .leavesAltered(let range):
      "among \(Self.leaves(range)) something was changed: they do not give the signed root"
    case .checkpointUntrusted(let size, let reason): "the checkpoint at \(size) is not to be trusted: \(reason)"
    case .checkpointAltered(let size): "the checkpoint at \(size) was changed: it is not what its signed note says"
    case .historyRewritten(let size): "the first \(size) entries are not those of the checkpoint that was kept"
    case .cut(let from, let to): "the log was cut: it had \(from) entries when the checkpoint was kept, and has \(to)"
    }
  }

  private static func leaves(_ range: Range<UInt64>) -> String {
    range.count == 1 ? "leaf \(range.lowerBound)" : "leaves \(range.lowerBound) to \(range.upperBound - 1)"
  }
}

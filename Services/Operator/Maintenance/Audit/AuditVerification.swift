import Crypto
import Domain
import Merkle
import Store

/// The check of one log: takes its leaves and checkpoints in order and remembers what it needs, however long the log is.
struct AuditVerification {
  private(set) var report: AuditReport
  private let tenant: TenantID
  private let origin: String
  private let trusted: [Ed25519PublicKey]
  private let kept: Checkpoint?

  /// The tree so far; nil between a fault that leaves it unknown and the next checkpoint that can be trusted.
  private var tree: MerkleFrontier? = MerkleFrontier()
  private(set) var nextIndex: UInt64 = 0
  private var sealedSize: UInt64 = 0
  private(set) var lastPosition = AuditPosition.start
  private var changed: [(leaf: UInt64, seq: Int64, sealed: [UInt8], found: [UInt8])] = []
  /// Leaves whose entry is not where it was.
  private(set) var missing: [(leaf: UInt64, position: AuditPosition)] = []

  init(tenant: TenantID, environment: Domain.Environment, trusted: [Ed25519PublicKey], kept: Checkpoint?) {
    self.tenant = tenant
    self.trusted = trusted
    self.kept = kept
    origin = AuditLog.origin(of: tenant, in: environment)
    report = AuditReport(tenant: tenant, isPinned: !trusted.isEmpty)
  }

  // MARK: Leaves

  mutating func take(_ leaf: AuditReading.Leaf) {
    if leaf.index > nextIndex {
      report.add(.leavesRemoved(nextIndex..<leaf.index))
      tree = nil
    }
    if leaf.position <= lastPosition { report.add(.reordered(leaf: leaf.index, belongsAt: nil)) }
    lastPosition = max(lastPosition, leaf.position)
    append(leaf)
    compareEntry(of: leaf)
    nextIndex = leaf.index + 1
    if let kept, tree?.size == kept.size, tree?.root != kept.root { report.add(.historyRewritten(size: kept.size)) }
  }

  private mutating func append(_ leaf: AuditReading.Leaf) {
    if let hash = SHA256Digest(bytes: leaf.hash) { tree?.append(leaf: hash) } else { tree = nil }
    report.entryCount += 1
  }

  private mutating func compareEntry(of leaf: AuditReading.Leaf) {
    guard let entry = leaf.entry else {
      if missing.count < AuditReport.faultsMax {
        missing.append((leaf.index, leaf.position))
      } else {
        report.add(.removed(leaf: leaf.index, seq: leaf.position.seq))
      }
      return
    }
    let found = MerkleHash.leaf(entry.content).bytes
    if found != leaf.hash || entry.hash != leaf.hash {
      if changed.count < AuditReport.faultsMax {
        changed.append((leaf.index, leaf.position.seq, leaf.hash, found))
      } else {
        report.add(.changed(leaf: leaf.index, seq: leaf.position.seq))
      }
    } else if !entry.content.hasSuffix(AuditLog.canonicalEnding(subject: entry.subject, tenant: tenant)) {
      if let owner = AuditEntryText(entry.content).tenant, owner != tenant.slug {
        report.add(.movedFrom(owner, seq: leaf.position.seq))
      } else {
        report.add(.refiled(leaf: leaf.index, seq: leaf.position.seq))
      }
    }
  }

  // MARK: Checkpoints

  mutating func take(_ seal: AuditSeals.Seal) {
    report.checkpointCount += 1
    if nextIndex < seal.size {
      report.add(.leavesRemoved(nextIndex..<seal.size))
      tree = nil
      nextIndex = seal.size
    }
    let covered = sealedSize..<max(seal.size, sealedSize)
    sealedSize = seal.size
    guard let signed = open(seal) else {
      // What it says is unknown; the leaves under it are judged by the next one.
      sealedSize = covered.lowerBound
      return
    }
    report.head = try? SignedNote(parsing: seal.note)
    if let tree, tree.root != signed.root { report.add(.leavesAltered(covered)) }
    let stored = seal.frontier
    let storedIsRight = stored?.root == signed.root && signed.size == seal.size
    if !storedIsRight || seal.root != signed.root.bytes { report.add(.checkpointAltered(size: seal.size)) }
    // From a signed root on, the rest can be judged whatever came before.
    if tree?.root != signed.root { tree = storedIsRight ? stored : nil }
  }

  private mutating func open(_ seal: AuditSeals.Seal) -> Checkpoint? {
    do throws(NoteError) {
      let recorded = (try? Ed25519PublicKey(rawBytes: seal.publicKey)).map { [$0] } ?? []
      let signed = try Checkpoint.open(
        SignedNote(parsing: seal.note), origin: origin, keys: trusted.isEmpty ? recorded : trusted)
      guard signed.size == seal.size else {
        report.add(.checkpointAltered(size: seal.size))
        return nil
      }
      return signed
    } catch {
      report.add(.checkpointUntrusted(size: seal.size, reason: error.description))
      return nil
    }
  }

  // MARK: The end

  /// All leaves and checkpoints have been taken.
  mutating func endLog() {
    if nextIndex > sealedSize { report.add(.leavesAdded(sealedSize..<nextIndex)) }
    if let kept, nextIndex < kept.size { report.add(.cut(from: kept.size, to: nextIndex)) }
    let places = Dictionary(changed.map { ($0.sealed, $0.leaf) }, uniquingKeysWith: { first, _ in first })
    for fault in changed {
      if let place = places[fault.found], place != fault.leaf {
        report.add(.reordered(leaf: fault.leaf, belongsAt: place))
      } else {
        report.add(.changed(leaf: fault.leaf, seq: fault.seq))
      }
    }
    changed = []
  }

  mutating func resolveMissing(owners: [AuditPosition: TenantID]) {
    for (leaf, position) in missing {
      if let owner = owners[position], owner != tenant {
        report.add(.movedTo(owner, leaf: leaf, seq: position.seq))
      } else {
        report.add(.removed(leaf: leaf, seq: position.seq))
      }
    }
    missing = []
  }

  /// An entry that no leaf stands for.
  mutating func takeStray(_ position: AuditPosition, content: String) {
    let owner = AuditEntryText(content).tenant
    if let owner, owner != tenant.slug {
      report.add(.movedFrom(owner, seq: position.seq))
    } else if position < lastPosition {
      report.add(.inserted(seq: position.seq))
    } else {
      report.unsealedCount += 1
    }
  }
}

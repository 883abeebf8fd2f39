import Crypto
import Domain
import Merkle
import Store

extension AuditExport {
  /// Checks the document by itself.
  ///
  /// - Parameter trusted: keys from elsewhere than the document, which anyone could have signed.
  /// - Returns: what the log was when it was signed.
  public func check(trusted: [Ed25519PublicKey]) throws(AuditExportFault) -> Checkpoint {
    let signed = try openCheckpoint(trusted)
    var lastIndex: UInt64?
    for entry in entries {
      if let lastIndex, entry.index <= lastIndex { throw .notInOrder(entry.index) }
      lastIndex = entry.index
      try checkBelongs(entry)
      if subject != nil { try checkProof(of: entry, in: signed) }
    }
    if subject == nil { try checkWhole(signed) }
    return signed
  }

  private func openCheckpoint(_ trusted: [Ed25519PublicKey]) throws(AuditExportFault) -> Checkpoint {
    do throws(NoteError) {
      return try Checkpoint.open(
        SignedNote(parsing: checkpoint), origin: AuditLog.origin(of: tenant, in: environment), keys: trusted)
    } catch {
      throw .checkpoint(error)
    }
  }

  private func checkBelongs(_ entry: Entry) throws(AuditExportFault) {
    let text = AuditEntryText(entry.content)
    guard text.tenant == tenant.slug, let named = text.subject, subject == nil || subject == named,
      entry.content.hasSuffix(AuditLog.canonicalEnding(subject: named, tenant: tenant))
    else { throw .foreign(entry.index) }
  }

  private func checkProof(of entry: Entry, in signed: Checkpoint) throws(AuditExportFault) {
    guard let proof = entry.proof,
      MerkleProof.isIncluded(
        leaf: MerkleHash.leaf(entry.content), at: entry.index, in: signed.size, root: signed.root, proof: proof)
    else { throw .notProved(entry.index) }
  }

  private func checkWhole(_ signed: Checkpoint) throws(AuditExportFault) {
    var tree = MerkleFrontier()
    for entry in entries {
      guard entry.index == tree.size else { throw .incomplete }
      tree.append(leaf: MerkleHash.leaf(entry.content))
    }
    guard tree.size == signed.size else { throw .incomplete }
    guard tree.root == signed.root else { throw .otherRoot }
  }
}

/// Why an export proves nothing.
public enum AuditExportFault: Error, Hashable, Sendable, CustomStringConvertible {
  case checkpoint(NoteError)
  case notInOrder(UInt64)
  case foreign(UInt64)
  case notProved(UInt64)
  case incomplete
  case otherRoot

  public var description: String {
    switch self {
    case .checkpoint(let error): "the checkpoint is not to be trusted: \(error)"
    case .notInOrder(let index): "entry \(index) is out of order or stands twice"
    case .foreign(let index): "entry \(index) is of another tenant or subject than the export says"
    case .notProved(let index): "entry \(index) is not the one that was sealed: its proof does not hold"
    case .incomplete: "entries are missing: an export of the whole log has every one"
    case .otherRoot: "the entries are not those that were sealed: they give another root"
    }
  }
}

import Crypto

/// Checks proofs that others made. Whatever is wrong with one, the answer is no.
public enum MerkleProof {
  /// RFC 9162, 2.1.3.2.
  public static func isIncluded(
    leaf: SHA256Digest, at index: UInt64, in size: UInt64, root: SHA256Digest, proof: [SHA256Digest]
  ) -> Bool {
    guard index < size else { return false }
    var (place, last) = (index, size - 1)
    var hash = leaf
    for sibling in proof {
      guard last > 0 else { return false }
      if place.isOdd || place == last {
        hash = MerkleHash.node(sibling, hash)
        while !place.isOdd, place > 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        hash = MerkleHash.node(hash, sibling)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 && hash == root
  }

  /// That a tree begins with an earlier one (RFC 9162, 2.1.4.2). Nothing is proved about the empty tree.
  public static func isConsistent(
    old: UInt64, oldRoot: SHA256Digest, new: UInt64, newRoot: SHA256Digest, proof: [SHA256Digest]
  ) -> Bool {
    old > 0 && isConsistent(subtree: 0, to: old, hash: oldRoot, in: new, root: newRoot, proof: proof)
  }

  /// That a subtree is part of a tree, of which an earlier tree is the case that begins with the first leaf.
  public static func isConsistent(
    subtree start: UInt64, to end: UInt64, hash: SHA256Digest, in size: UInt64, root: SHA256Digest,
    proof: [SHA256Digest]
  ) -> Bool {
    guard start <= end, end <= size else { return false }
    if start == end { return proof.isEmpty && hash == MerkleHash.empty }
    guard canBegin(at: start, count: end - start) else { return false }
    return climb(from: start, end - 1, size - 1, hash, proof).map { $0 == (hash, root) } ?? false
  }

  /// A subtree of four leaves, or of three, begins at 0, 4, 8 and so on.
  private static func canBegin(at start: UInt64, count: UInt64) -> Bool {
    let level = UInt64.bitWidth - (count - 1).leadingZeroBitCount
    return start.trailingZeroBitCount >= level
  }

  /// The roots of the subtree and of the tree that follow from the proof; nil when it is too long or too short.
  private static func climb(
    from start: UInt64, _ end: UInt64, _ last: UInt64, _ hash: SHA256Digest, _ proof: [SHA256Digest]
  ) -> (SHA256Digest, SHA256Digest)? {
    var (first, place, last) = (start, end, last)
    func ascend() { (first, place, last) = (first >> 1, place >> 1, last >> 1) }
    // Up to the largest complete subtree that ends where ours ends, or to ours itself.
    while first != place, place.isOdd || place == last { ascend() }
    var rest = proof[...]
    guard let seed = first == place ? hash : rest.popFirst() else { return nil }
    var (subtreeRoot, treeRoot) = (seed, seed)
    for sibling in rest {
      guard last > 0 else { return nil }
      if place.isOdd || place == last {
        if first < place { subtreeRoot = MerkleHash.node(sibling, subtreeRoot) }
        treeRoot = MerkleHash.node(sibling, treeRoot)
        while !place.isOdd, place > 0 { ascend() }
      } else {
        treeRoot = MerkleHash.node(treeRoot, sibling)
      }
      ascend()
    }
    return last == 0 ? (subtreeRoot, treeRoot) : nil
  }
}

extension UInt64 {
  fileprivate var isOdd: Bool { self & 1 == 1 }
}

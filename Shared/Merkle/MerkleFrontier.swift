import Crypto

/// All of a tree that is needed to append to it: the roots of the complete subtrees it consists of.
public struct MerkleFrontier: Hashable, Sendable {
  public private(set) var size: UInt64
  /// Largest and leftmost first; one for each bit that is set in the size.
  public private(set) var roots: [SHA256Digest]

  public init() {
    size = 0
    roots = []
  }

  /// Nil when a tree of that size does not have that many subtrees.
  public init?(size: UInt64, roots: [SHA256Digest]) {
    guard roots.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.roots = roots
  }

  public mutating func append(leaf hash: SHA256Digest) { append(leaf: hash) { _, _ in } }

  /// - Parameter visit: sees every complete subtree that the leaf completes, itself first.
  public mutating func append(leaf hash: SHA256Digest, _ visit: (MerkleNode, SHA256Digest) -> Void) {
    var hash = hash
    visit(MerkleNode(level: 0, index: size), hash)
    for level in 0..<(~size).trailingZeroBitCount {
      hash = MerkleHash.node(roots.removeLast(), hash)
      visit(MerkleNode(level: level + 1, index: size >> UInt64(level + 1)), hash)
    }
    roots.append(hash)
    size += 1
  }

  public var root: SHA256Digest { MerkleFrontier.join(roots) ?? MerkleHash.empty }

  /// The root over neighbouring complete subtrees, from left to right; nil when there are none.
  static func join(_ roots: [SHA256Digest]) -> SHA256Digest? {
    guard var hash = roots.last else { return nil }
    for left in roots.dropLast().reversed() { hash = MerkleHash.node(left, hash) }
    return hash
  }
}

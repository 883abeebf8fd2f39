/// A complete subtree by its place: level 0 are the leaves, and index counts within the level from the left.
public struct MerkleNode: Hashable, Sendable {
  public let level: Int
  public let index: UInt64

  public init(level: Int, index: UInt64) {
    self.level = level
    self.index = index
  }

  /// The complete subtrees that a range of leaves consists of, from left to right and so from large to small.
  ///
  /// - Precondition: the range begins where a subtree of its size can begin.
  static func covering(_ leaves: Range<UInt64>) -> [MerkleNode] {
    var nodes: [MerkleNode] = []
    var start = leaves.lowerBound
    while start < leaves.upperBound {
      let level = UInt64.bitWidth - 1 - (leaves.upperBound - start).leadingZeroBitCount
      nodes.append(MerkleNode(level: level, index: start >> UInt64(level)))
      start += 1 << UInt64(level)
    }
    return nodes
  }
}

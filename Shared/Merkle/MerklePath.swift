/// Which subtrees a proof consists of (RFC 6962, 2.1.1 and 2.1.2), as ranges of leaves in the order of the proof.
public struct MerklePath: Hashable, Sendable {
  public let ranges: [Range<UInt64>]

  /// From the leaf's sibling up to the root's child.
  ///
  /// - Precondition: the leaf is in the tree.
  public static func inclusion(of leaf: UInt64, in size: UInt64) -> MerklePath {
    precondition(leaf < size, "leaf \(leaf) is not in a tree of \(size)")
    var ranges: [Range<UInt64>] = []
    var subtree = 0..<size
    while subtree.count > 1 {
      let middle = split(subtree)
      if leaf < middle {
        ranges.append(middle..<subtree.upperBound)
        subtree = subtree.lowerBound..<middle
      } else {
        ranges.append(subtree.lowerBound..<middle)
        subtree = middle..<subtree.upperBound
      }
    }
    return MerklePath(ranges: ranges.reversed())
  }

  /// That the first `old` leaves of a tree are the tree it was then.
  ///
  /// - Precondition: neither tree is empty, and the old one is not the larger.
  public static func consistency(from old: UInt64, to size: UInt64) -> MerklePath {
    precondition(0 < old && old <= size, "a tree of \(size) has no earlier tree of \(old)")
    var ranges: [Range<UInt64>] = []
    var subtree = 0..<size
    while subtree.upperBound != old {
      let middle = split(subtree)
      if old <= middle {
        ranges.append(middle..<subtree.upperBound)
        subtree = subtree.lowerBound..<middle
      } else {
        ranges.append(subtree.lowerBound..<middle)
        subtree = middle..<subtree.upperBound
      }
    }
    // The old root itself is known to whoever checks, and so it is left out.
    if subtree.lowerBound > 0 { ranges.append(subtree) }
    return MerklePath(ranges: ranges.reversed())
  }

  /// The left subtree is the largest complete one that leaves something to the right.
  private static func split(_ subtree: Range<UInt64>) -> UInt64 {
    let last = subtree.upperBound - subtree.lowerBound - 1
    return subtree.lowerBound + 1 << UInt64(UInt64.bitWidth - 1 - last.leadingZeroBitCount)
  }
}

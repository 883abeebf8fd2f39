import Crypto
import Merkle

/// RFC 6962, section 2.1, as it is written: the definitions that the module is compared with.
struct NaiveTree {
  let leaves: [SHA256Digest]

  init(_ leaves: some Sequence<SHA256Digest>) { self.leaves = Array(leaves) }

  var root: SHA256Digest {
    if leaves.isEmpty { return MerkleHash.empty }
    if leaves.count == 1 { return leaves[0] }
    return MerkleHash.node(left.root, right.root)
  }

  func path(_ m: Int) -> [SHA256Digest] {
    if leaves.count == 1 { return [] }
    return m < split ? left.path(m) + [right.root] : right.path(m - split) + [left.root]
  }

  func consistency(_ m: Int, isWhole: Bool = true) -> [SHA256Digest] {
    if m == leaves.count { return isWhole ? [] : [root] }
    return m <= split
      ? left.consistency(m, isWhole: isWhole) + [right.root]
      : right.consistency(m - split, isWhole: false) + [left.root]
  }

  private var split: Int {
    var power = 1
    while power * 2 < leaves.count { power *= 2 }
    return power
  }

  private var left: NaiveTree { NaiveTree(leaves[..<split]) }
  private var right: NaiveTree { NaiveTree(leaves[split...]) }
}

/// The same numbers on every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

import Crypto

/// Makes proofs in one pass over the leaves, keeping the frontier and what the proofs need, and no more.
public struct MerkleProofBuilder: Sendable {
  private let paths: [MerklePath]
  private var wanted: [MerkleNode: SHA256Digest?] = [:]
  public private(set) var frontier = MerkleFrontier()

  public init(_ paths: [MerklePath]) {
    self.paths = paths
    for range in paths.flatMap(\.ranges) {
      for node in MerkleNode.covering(range) { wanted[node] = .some(nil) }
    }
  }

  public mutating func append(leaf hash: SHA256Digest) {
    frontier.append(leaf: hash) { node, hash in
      if wanted[node] != nil { wanted[node] = hash }
    }
  }

  /// In the order of the paths; nil when leaves are missing.
  public func proofs() -> [[SHA256Digest]]? {
    var proofs: [[SHA256Digest]] = []
    for path in paths {
      var proof: [SHA256Digest] = []
      for range in path.ranges {
        guard let hash = hash(of: range) else { return nil }
        proof.append(hash)
      }
      proofs.append(proof)
    }
    return proofs
  }

  private func hash(of range: Range<UInt64>) -> SHA256Digest? {
    let nodes = MerkleNode.covering(range)
    let hashes = nodes.compactMap { wanted[$0] ?? nil }
    return hashes.count == nodes.count ? MerkleFrontier.join(hashes) : nil
  }
}

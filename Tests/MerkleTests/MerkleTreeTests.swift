import Crypto
import Merkle
import Testing

@Suite("Merkle tree")
struct MerkleTreeTests {
  @Test("the empty tree has the hash of nothing")
  func emptyTree() {
    #expect(MerkleFrontier().root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  /// The leaves and roots that implementations of Certificate Transparency test each other with.
  @Test("the roots of the well-known eight leaves are the known ones")
  func knownAnswers() throws {
    let leaves = [
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    let roots = [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    var tree = MerkleFrontier()
    for (leaf, root) in zip(leaves, roots) {
      tree.append(leaf: MerkleHash.leaf(try #require(Hex.decode(leaf))))
      #expect(tree.root.hex == root)
    }
  }

  @Test("text and its bytes are the same leaf")
  func leafOfText() { #expect(MerkleHash.leaf("ใบ") == MerkleHash.leaf(Array("ใบ".utf8))) }

  @Test("a frontier must have as many subtrees as its size asks for")
  func frontierShape() {
    let hash = MerkleHash.leaf("a")
    #expect(MerkleFrontier(size: 5, roots: [hash]) == nil)
    #expect(MerkleFrontier(size: 5, roots: [hash, hash])?.size == 5)
  }

  @Test("every proof of every tree up to 70 leaves is the one that the RFC defines, and holds")
  func smallTrees() throws {
    let leaves = (0..<70).map { MerkleHash.leaf("leaf \($0)") }
    for size in 1...leaves.count {
      let naive = NaiveTree(leaves[..<size])
      let paths = (0..<UInt64(size)).map { MerklePath.inclusion(of: $0, in: UInt64(size)) }
      let histories = (1...UInt64(size)).map { MerklePath.consistency(from: $0, to: UInt64(size)) }
      var builder = MerkleProofBuilder(paths + histories)
      for leaf in leaves[..<size] { builder.append(leaf: leaf) }
      let proofs = try #require(builder.proofs())
      let root = builder.frontier.root
      #expect(root == naive.root)
      for index in 0..<size {
        #expect(proofs[index] == naive.path(index))
        #expect(
          MerkleProof.isIncluded(
            leaf: leaves[index], at: UInt64(index), in: UInt64(size), root: root, proof: proofs[index]))
      }
      for old in 1...size {
        let proof = proofs[size + old - 1]
        #expect(proof == naive.consistency(old))
        #expect(
          MerkleProof.isConsistent(
            old: UInt64(old), oldRoot: NaiveTree(leaves[..<old]).root, new: UInt64(size), newRoot: root, proof: proof))
      }
    }
  }

  @Test("random large trees agree with the definition", arguments: [1, 2, 3, 4] as [UInt64])
  func randomTrees(_ seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let size = Int.random(in: 500...3000, using: &random)
    let leaves = (0..<size).map { _ in MerkleHash.leaf("\(random.next())") }
    let indices = (0..<20).map { _ in Int.random(in: 0..<size, using: &random) }
    let cut = Int.random(in: 1...size, using: &random)
    var builder = MerkleProofBuilder(
      indices.map { .inclusion(of: UInt64($0), in: UInt64(size)) } + [.consistency(from: UInt64(cut), to: UInt64(size))]
    )
    for leaf in leaves { builder.append(leaf: leaf) }
    let proofs = try #require(builder.proofs())
    let naive = NaiveTree(leaves)
    #expect(builder.frontier.root == naive.root)
    #expect(proofs.dropLast() == indices.map { naive.path($0) }[...])
    #expect(proofs.last == naive.consistency(cut))
  }

  @Test("a proof with one thing changed holds no more", arguments: [11, 12, 13] as [UInt64])
  func mutations(_ seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    for _ in 0..<200 {
      let size = UInt64.random(in: 2...200, using: &random)
      let index = UInt64.random(in: 0..<size, using: &random)
      let leaves = (0..<size).map { MerkleHash.leaf("\($0)") }
      var builder = MerkleProofBuilder([.inclusion(of: index, in: size)])
      for leaf in leaves { builder.append(leaf: leaf) }
      let (root, proof) = (builder.frontier.root, try #require(builder.proofs())[0])
      let other = MerkleHash.leaf("other")
      func holds(_ leaf: SHA256Digest, _ index: UInt64, _ root: SHA256Digest, _ proof: [SHA256Digest]) -> Bool {
        MerkleProof.isIncluded(leaf: leaf, at: index, in: size, root: root, proof: proof)
      }
      let leaf = leaves[Int(index)]
      #expect(holds(leaf, index, root, proof))
      var changed = proof
      changed[Int.random(in: 0..<proof.count, using: &random)] = other
      #expect(!holds(leaf, index, root, changed))
      #expect(!holds(leaf, index, root, proof + [other]))
      #expect(!holds(leaf, index, root, Array(proof.dropLast())))
      #expect(!holds(other, index, root, proof))
      #expect(!holds(leaf, index, other, proof))
      #expect(!holds(leaf, (index + 1) % size, root, proof))
    }
  }

  @Test("without all leaves there are no proofs")
  func missingLeaves() {
    var builder = MerkleProofBuilder([.inclusion(of: 0, in: 2)])
    builder.append(leaf: MerkleHash.leaf("a"))
    #expect(builder.proofs() == nil)
  }
}

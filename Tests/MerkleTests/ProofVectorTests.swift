import Crypto
import Glibc
import JSON
import Merkle
import Testing

/// 518 proofs, most of them wrong on purpose, that other implementations are tested with.
@Suite("Merkle proof vectors", .enabled(if: ProofVectors.folder != nil, "the vectors are not here"))
struct ProofVectorTests {
  @Test("every inclusion proof is judged as expected")
  func inclusion() throws {
    let vectors = try ProofVectors.read("inclusion")
    #expect(vectors.count == 98)
    for vector in vectors {
      let holds = MerkleProof.isIncluded(
        leaf: vector.hash("leafHash"), at: vector.number("leafIdx"), in: vector.number("treeSize"),
        root: vector.hash("root"), proof: vector.proof)
      #expect(holds == vector.isValid, "\(vector.path)")
    }
  }

  @Test("every inclusion proof in a subtree is judged as expected")
  func subtreeInclusion() throws {
    let vectors = try ProofVectors.read("subtreeinclusion")
    #expect(vectors.count == 204)
    for vector in vectors {
      let (start, end, leaf) = (vector.number("start"), vector.number("end"), vector.number("leafIdx"))
      let holds =
        isSubtree(start, end) && leaf >= start
        && MerkleProof.isIncluded(
          leaf: vector.hash("leafHash"), at: leaf &- start, in: end &- start, root: vector.hash("root"),
          proof: vector.proof)
      #expect(holds == vector.isValid, "\(vector.path)")
    }
  }

  @Test("every consistency proof is judged as expected")
  func consistency() throws {
    let vectors = try ProofVectors.read("consistency")
    #expect(vectors.count == 98)
    for vector in vectors {
      let holds = MerkleProof.isConsistent(
        old: vector.number("size1"), oldRoot: vector.hash("root1"), new: vector.number("size2"),
        newRoot: vector.hash("root2"), proof: vector.proof)
      #expect(holds == vector.isValid, "\(vector.path)")
    }
  }

  @Test("every consistency proof of a subtree is judged as expected")
  func subtreeConsistency() throws {
    let vectors = try ProofVectors.read("subtreeconsistency")
    #expect(vectors.count == 118)
    for vector in vectors {
      let holds = MerkleProof.isConsistent(
        subtree: vector.number("start"), to: vector.number("end"), hash: vector.hash("root1"),
        in: vector.number("size"), root: vector.hash("root2"), proof: vector.proof)
      #expect(holds == vector.isValid, "\(vector.path)")
    }
  }

  private func isSubtree(_ start: UInt64, _ end: UInt64) -> Bool {
    guard start < end else { return false }
    let level = UInt64.bitWidth - (end - start - 1).leadingZeroBitCount
    return start.trailingZeroBitCount >= level
  }
}

struct ProofVector {
  let path: String
  let json: JSONValue

  var isValid: Bool { json["wantErr"]?.boolValue == false }
  var proof: [SHA256Digest] { json["proof"]?.arrayValue?.map(digest) ?? [] }
  func number(_ key: String) -> UInt64 { json[key]?.numeral.flatMap { UInt64($0) } ?? 0 }

  /// An empty text is no hash, not even the same one as another empty text.
  func hash(_ key: String) -> SHA256Digest {
    json[key]?.stringValue?.isEmpty == false ? digest(json[key] ?? "") : SHA256.hash("none: \(key)")
  }

  /// Some vectors write words where a hash belongs; the hash of the words is as equal or unequal as they are.
  private func digest(_ value: JSONValue) -> SHA256Digest {
    let bytes = value.stringValue.flatMap { Base64.decode($0) } ?? []
    return SHA256Digest(bytes: bytes) ?? SHA256.hash([0xFF] + bytes)
  }
}

enum ProofVectors {
  static let folder: String? = {
    let shared = getenv("PABEAN_SHARED_DATA").map { String(cString: $0) } ?? "../shared/data"
    let folder = "\(shared)/vectors/merkle/testdata"
    return access(folder, R_OK) == 0 ? folder : nil
  }()

  static func read(_ kind: String) throws -> [ProofVector] {
    try files("\(folder ?? "")/\(kind)").map { ProofVector(path: $0, json: try JSONParser.parse(contents($0))) }
  }

  private static func files(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [path] }
    defer { closedir(directory) }
    var files: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { files += self.files("\(path)/\(name)") }
    }
    return files
  }

  private static func contents(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}

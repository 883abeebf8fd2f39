import Crypto

/// RFC 6962: a leaf is hashed with a 0 before it, a node with a 1, so that neither passes for the other.
public enum MerkleHash {
  public static let empty = SHA256.hash([UInt8]())

  public static func leaf(_ content: String) -> SHA256Digest {
    var content = content
    return content.withUTF8 { bytes in
      var hasher = SHA256Hasher()
      hasher.update([0])
      hasher.update(UnsafeRawBufferPointer(bytes))
      return hasher.finish()
    }
  }

  public static func leaf(_ bytes: [UInt8]) -> SHA256Digest { SHA256.hash(chunks: [[0], bytes]) }

  public static func node(_ left: SHA256Digest, _ right: SHA256Digest) -> SHA256Digest {
    SHA256.hash([1] + left.bytes + right.bytes)
  }
}

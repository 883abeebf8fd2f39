import Crypto
import Domain
import JSON

extension Product {
  /// The same for the same facts, whatever way they were sent: an unchanged product makes no new revision.
  public var contentHash: SHA256Digest { SHA256.hash(json.canonicalBytes) }
}

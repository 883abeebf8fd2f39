import Crypto
import Domain
import Store
import Testing

@testable import IngestWorker

@Suite("Keys that were recognised")
struct KeyCacheTests {
  private let now = Instant(microseconds: 1_700_000_000_000_000)
  private let principal = Principal(
    tenant: TenantID("acme")!, environment: .live, account: "erp", isPerson: false, roles: ["intake"])

  @Test("a key is known for thirty seconds and no longer")
  func expiry() {
    var cache = KeyCache()
    let digest = SHA256.hash("pbn_1")
    cache.remember(principal, digest, at: now)
    #expect(cache.find(digest, at: now) == principal)
    #expect(cache.find(digest, at: now.adding(.milliseconds(29_999))) == principal)
    #expect(cache.find(digest, at: now.adding(.seconds(30))) == nil)
    #expect(cache.find(digest, at: now.adding(.seconds(-1))) == nil)
    #expect(cache.find(SHA256.hash("pbn_2"), at: now) == nil)
  }

  @Test("memory is bounded, however many keys are in use")
  func bounded() {
    var cache = KeyCache()
    for number in 0..<KeyCache.entriesMax * 2 + 1 {
      cache.remember(principal, SHA256.hash("\(number)"), at: now)
      #expect(cache.count <= KeyCache.entriesMax)
    }
    #expect(cache.find(SHA256.hash("\(KeyCache.entriesMax * 2)"), at: now) == principal)
  }
}

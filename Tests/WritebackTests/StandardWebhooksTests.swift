import Crypto
import Domain
import Testing
import WritebackEngine

@Suite struct StandardWebhooksTests {
  private let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!
  private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
  private let time = Instant(microseconds: 1_614_265_330_000_000)
  private let body = Array(#"{"test": 2432232314}"#.utf8)

  @Test func `the published example has its published signature`() {
    let headers = StandardWebhooks.sign(id: id, at: time, body: body, keys: [.symmetric(secret)])
    #expect(headers.signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    #expect(headers.timestamp == "1614265330")
    #expect(headers.pairs.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
  }

  @Test func `during a rotation either secret verifies`() throws {
    let new = WebhookSecret.generate()
    let headers = StandardWebhooks.sign(id: id, at: time, body: body, keys: [.symmetric(secret), .symmetric(new)])
    #expect(headers.signature.split(separator: " ").count == 2)
    for key in [secret, new] {
      try StandardWebhooks.verify(headers, body: body, keys: [.symmetric(key)], now: time)
    }
    #expect(throws: StandardWebhooks.Rejection.noMatchingSignature) {
      try StandardWebhooks.verify(headers, body: body, keys: [.symmetric(.generate())], now: time)
    }
  }

  @Test func `a key pair signs and verifies as v1a`() throws {
    let key = try Ed25519PrivateKey(rawBytes: Array(0..<32))
    let headers = StandardWebhooks.sign(id: id, at: time, body: body, keys: [.asymmetric(key)])
    #expect(headers.signature.hasPrefix("v1a,"))
    let publicKey = try #require(Ed25519PublicKey(webhookKey: key.publicKey.webhookKey))
    try StandardWebhooks.verify(headers, body: body, keys: [.asymmetric(publicKey)], now: time)
    #expect(throws: StandardWebhooks.Rejection.noMatchingSignature) {
      try StandardWebhooks.verify(headers, body: body + [0], keys: [.asymmetric(publicKey)], now: time)
    }
    let restored = try #require(Ed25519PrivateKey(webhookKey: key.webhookKey))
    #expect(restored.rawBytes == key.rawBytes)
    #expect(Ed25519PrivateKey(webhookKey: "whsk_" + Base64.encode(key.rawBytes + key.publicKey.rawBytes)) != nil)
    #expect(Ed25519PrivateKey(webhookKey: "whsk_" + Base64.encode(key.rawBytes + key.rawBytes)) == nil)
  }

  @Test func `a signature of one kind is not taken for the other`() throws {
    var headers = StandardWebhooks.sign(id: id, at: time, body: body, keys: [.symmetric(secret)])
    headers.signature = "v1a," + headers.signature.dropFirst(3)
    #expect(throws: StandardWebhooks.Rejection.noMatchingSignature) {
      try StandardWebhooks.verify(headers, body: body, keys: [.symmetric(secret)], now: time)
    }
  }

  @Test(arguments: [
    (
      StandardWebhooks.Headers(id: "", timestamp: "1614265330", signature: "v1,x"),
      StandardWebhooks.Rejection.missingHeader("webhook-id")
    ),
    (.init(id: "a", timestamp: "", signature: "v1,x"), .missingHeader("webhook-timestamp")),
    (.init(id: "a", timestamp: "1614265330", signature: ""), .missingHeader("webhook-signature")),
    (.init(id: "a", timestamp: "x", signature: "v1,x"), .malformedTimestamp),
    (.init(id: "a", timestamp: "-1614265330", signature: "v1,x"), .malformedTimestamp),
    (.init(id: "a", timestamp: "1614265029", signature: "v1,x"), .tooOld),
    (.init(id: "a", timestamp: "1614265631", signature: "v1,x"), .fromTheFuture),
    (.init(id: "a", timestamp: "1614265330", signature: "v1,x v1 , v2,abcd v1,"), .noMatchingSignature),
  ])
  func `what cannot be verified is rejected with the reason`(
    headers: StandardWebhooks.Headers, rejection: StandardWebhooks.Rejection
  ) {
    #expect(throws: rejection) {
      try StandardWebhooks.verify(headers, body: body, keys: [.symmetric(secret)], now: time)
    }
  }

  @Test(arguments: [(23, false), (24, true), (64, true), (65, false), (0, false)])
  func `a secret has 24 to 64 bytes`(byteCount: Int, isValid: Bool) {
    let bytes = [UInt8](repeating: 7, count: byteCount)
    #expect((WebhookSecret(bytes: bytes) != nil) == isValid)
    #expect((WebhookSecret("whsec_" + Base64.encode(bytes)) != nil) == isValid)
    #expect(WebhookSecret(Base64.encode(bytes)) == nil)
  }

  @Test func `a secret does not show in text`() {
    #expect(!"\(secret)".contains("MfKQ"))
    #expect(!String(reflecting: secret).contains("bytes"))
    #expect(secret.serialized == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  }

  @Test func `an id with a dot cannot be signed`() async {
    await #expect(processExitsWith: .failure) {
      _ = StandardWebhooks.sign(id: "a.b", at: Instant(microseconds: 0), body: [], keys: [])
    }
  }
}

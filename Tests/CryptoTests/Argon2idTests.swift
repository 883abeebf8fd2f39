import Testing

@testable import Crypto

@Suite("Argon2id")
struct Argon2idTests {
  private let cheap = Argon2id.Cost(memoryKiB: 64, passes: 1, lanes: 1)

  /// From the test suite of the reference implementation (version 0x13).
  @Test("gives the published hash")
  func knownAnswer() {
    let encoded = Argon2id.hash(
      "password", salt: Array("somesalt".utf8), cost: .init(memoryKiB: 65_536, passes: 2, lanes: 1))
    #expect(
      encoded == "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
  }

  @Test("verifies the password that was hashed and no other")
  func verification() {
    let encoded = Argon2id.hash("correct horse", cost: cheap)
    #expect(Argon2id.verify("correct horse", against: encoded))
    #expect(!Argon2id.verify("Correct horse", against: encoded))
    #expect(!Argon2id.verify("", against: encoded))
    #expect(!Argon2id.verify("correct horse", against: "not a hash"))
  }

  @Test("salts each hash")
  func salt() {
    #expect(Argon2id.hash("same", cost: cheap) != Argon2id.hash("same", cost: cheap))
  }

  @Test("stores the standard cost in the hash")
  func standardCost() {
    #expect(Argon2id.hash("password").hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
  }
}

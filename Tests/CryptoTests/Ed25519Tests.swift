import Crypto
import Testing

@Suite("Ed25519")
struct Ed25519Tests {
  /// RFC 8032, section 7.1, tests 1 to 3.
  @Test(
    "gives the published signatures",
    arguments: [
      (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
          + "d25bf5f0595bbe24655141438e7a100b"
      ),
      (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
          + "387b2eaeb4302aeeb00d291612bb0c00"
      ),
      (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
          + "4a7c15e9716ed28dc027beceea1ec40a"
      ),
    ])
  func knownAnswers(seed: String, publicKey: String, message: String, signature: String) throws {
    let key = try Ed25519PrivateKey(rawBytes: Hex.decode(seed)!)
    let bytes = Hex.decode(message)!
    #expect(Hex.encode(key.publicKey.rawBytes) == publicKey)
    #expect(Hex.encode(key.sign(bytes)) == signature)
    #expect(key.publicKey.verify(Hex.decode(signature)!, for: bytes))
  }

  @Test("refuses a changed message, a changed signature and another key")
  func refusals() throws {
    let key = Ed25519PrivateKey.generate()
    let message: [UInt8] = [1, 2, 3]
    var signature = key.sign(message)
    #expect(!key.publicKey.verify(signature, for: [1, 2]))
    #expect(!Ed25519PrivateKey.generate().publicKey.verify(signature, for: message))
    #expect(!key.publicKey.verify(signature.dropLast(), for: message))
    #expect(!key.publicKey.verify([], for: message))
    signature[10] ^= 1
    #expect(!key.publicKey.verify(signature, for: message))
  }

  @Test("survives the trip through raw bytes and PEM")
  func roundTrips() throws {
    let key = Ed25519PrivateKey.generate()
    #expect(try Ed25519PrivateKey(rawBytes: key.rawBytes).publicKey == key.publicKey)
    #expect(try Ed25519PrivateKey(pem: key.pem).rawBytes == key.rawBytes)
    #expect(try Ed25519PublicKey(pem: key.publicKey.pem) == key.publicKey)
    #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    #expect(key.publicKey.pem.hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
  }

  @Test("refuses keys that are not Ed25519 keys")
  func invalidKeys() {
    #expect(throws: CryptoError.self) { try Ed25519PrivateKey(rawBytes: [1, 2, 3]) }
    #expect(throws: CryptoError.self) { try Ed25519PublicKey(rawBytes: []) }
    #expect(throws: CryptoError.self) { try Ed25519PrivateKey(pem: "not a key") }
    let key = Ed25519PrivateKey.generate()
    #expect(throws: CryptoError.self) { try Ed25519PrivateKey(pem: key.publicKey.pem) }
    // An X25519 key: well-formed, but not for signing.
    let x25519 = """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VuAyEAhSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=
      -----END PUBLIC KEY-----

      """
    #expect(throws: CryptoError.self) { try Ed25519PublicKey(pem: x25519) }
  }

  @Test("does not print the private key")
  func redaction() {
    let key = Ed25519PrivateKey.generate()
    #expect("\(key)" == "Ed25519PrivateKey(redacted)")
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!dumped.contains("0x"))
  }
}

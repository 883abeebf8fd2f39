import Crypto
import Testing

@Suite("Base 64 and base 16")
struct EncodingTests {
  /// RFC 4648, section 10.
  @Test(
    "give the published texts",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ])
  func knownAnswers(text: String, encoded: String) {
    let bytes = Array(text.utf8)
    #expect(Base64.encode(bytes) == encoded)
    #expect(Base64.decode(encoded) == bytes)
    #expect(Base64.encodeURLSafe(bytes) == encoded.replacing("=", with: ""))
    #expect(Base64.decodeURLSafe(encoded.replacing("=", with: "")) == bytes)
  }

  @Test("use their own last two letters")
  func alphabets() {
    #expect(Base64.encode([0xfb, 0xff]) == "+/8=")
    #expect(Base64.encodeURLSafe([0xfb, 0xff]) == "-_8")
    #expect(Base64.decode("-_8=") == nil)
    #expect(Base64.decodeURLSafe("+/8") == nil)
  }

  @Test(
    "refuse every other spelling",
    arguments: ["Zg", "Zg=", "Zh==", "Zm9=", "=Zg=", "Zg==\n", " Zg==", "Z===", "====", "Zg==Zg==", "Zm9v\u{e9}"])
  func strictness(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test("refuse padding and spare bits in the URL-safe form", arguments: ["Zg==", "Zh", "Z", "Zm9"])
  func urlSafeStrictness(text: String) {
    #expect(Base64.decodeURLSafe(text) == nil)
  }

  @Test("survive round trips of every length", arguments: 0..<70)
  func roundTrips(length: Int) {
    let bytes = SecureRandom.bytes(length)
    #expect(bytes.count == length)
    #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    #expect(Base64.decodeURLSafe(Base64.encodeURLSafe(bytes)) == bytes)
    #expect(Hex.decode(Hex.encode(bytes)) == bytes)
  }

  @Test("of base 16 take both cases and refuse the rest")
  func hexStrictness() {
    #expect(Hex.encode([0, 15, 255] as [UInt8]) == "000fff")
    #expect(Hex.decode("00Ff") == [0, 255])
    #expect(Hex.decode("0") == nil)
    #expect(Hex.decode("0g") == nil)
    #expect(Hex.decode("0x") == nil)
  }

  @Test("constant-time equality is equality")
  func constantTime() {
    #expect(constantTimeEquals([], []))
    #expect(constantTimeEquals([1, 2], [1, 2]))
    #expect(!constantTimeEquals([1, 2], [1, 3]))
    #expect(!constantTimeEquals([1, 2], [1, 2, 3]))
  }
}

import Crypto
import Testing

/// Held against the examples of RFC 7515, appendices A.2 and A.3.
@Suite("A key that others sign with")
struct SignatureKeyTests {
  private static let modulus = """
    ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR\
    T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB\
    dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia\
    GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ
    """
  private static let claims =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
  private static let rsaSignature = """
    cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9\
    uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB\
    _eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq\
    Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw
    """
  private static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
  private static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
  private static let p256Signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

  private static func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.decodeURLSafe(text)) }

  @Test func `takes the signatures of RFC 7515, and none with a bit changed`() throws {
    let rsa = try SignatureKey(rsaModulus: try Self.bytes(Self.modulus), exponent: [1, 0, 1])
    let p256 = try SignatureKey(p256X: try Self.bytes(Self.x), y: try Self.bytes(Self.y))
    for (key, header, text) in [
      (rsa, "eyJhbGciOiJSUzI1NiJ9", Self.rsaSignature), (p256, "eyJhbGciOiJFUzI1NiJ9", Self.p256Signature),
    ] {
      let signed = Array("\(header).\(Self.claims)".utf8)
      let signature = try Self.bytes(text)
      #expect(key.verify(signature, for: signed))
      for position in [0, signature.count / 2, signature.count - 1] {
        var other = signature
        other[position] ^= 1
        #expect(!key.verify(other, for: signed))
      }
      #expect(!key.verify(signature, for: signed.dropLast() + [0]))
      for wrong in [[], [0], signature + [0], Array(signature.dropLast()), [UInt8](repeating: 0, count: 64)] {
        #expect(!key.verify(wrong, for: signed))
      }
    }
  }

  @Test func `is none without enough bits, or off the curve`() throws {
    let modulus = try Self.bytes(Self.modulus)
    for (modulus, exponent) in [
      (Array(modulus.prefix(128)), [1, 0, 1]), ([], [1, 0, 1]), (modulus, []),
      ([UInt8](repeating: 255, count: 2000), [1, 0, 1]),
    ] as [([UInt8], [UInt8])] {
      #expect(throws: CryptoError.self) { try SignatureKey(rsaModulus: modulus, exponent: exponent) }
    }
    let (x, y) = (try Self.bytes(Self.x), try Self.bytes(Self.y))
    for (x, y) in [(y, x), (x, [UInt8](repeating: 0, count: 32)), (Array(x.dropLast()), y)] {
      #expect(throws: CryptoError.self) { try SignatureKey(p256X: x, y: y) }
    }
  }
}

import JSON

/// The fields of a form as a browser sends them (application/x-www-form-urlencoded).
public struct FormFields: Sendable {
  private static let fieldsMax = 150

  var pairs: [(name: String, value: String)] { fields }
  private let fields: [(name: String, value: String)]

  /// nil when it is not a form, or has more fields than any form of ours.
  public init?(_ body: [UInt8]) {
    var fields: [(String, String)] = []
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = FormFields.decoded(parts[0]), let value = FormFields.decoded(parts.count > 1 ? parts[1] : []),
        fields.count < FormFields.fieldsMax
      else { return nil }
      fields.append((name, value))
    }
    self.fields = fields
  }

  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  public func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// As the API would receive it: what is left empty is absent, and the version is a number.
  public func json(_ names: [String]) -> JSONValue {
    var object = JSONObject()
    for name in names {
      guard let value = self[name], !value.isEmpty else { continue }
      object[name] = name == "expectedVersion" ? Int64(value).map { .integer($0) } ?? .string(value) : .string(value)
    }
    return .object(object)
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): decoded.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = hexadecimal(rest.popFirst()), let low = hexadecimal(rest.popFirst()) else { return nil }
        decoded.append(high << 4 | low)
      default: decoded.append(byte)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8?) -> UInt8? {
    guard let byte, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
    return UInt8(digit)
  }
}

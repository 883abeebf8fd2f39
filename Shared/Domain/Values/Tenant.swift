import JSON

/// A seller company, by its slug: lower-case letters, digits and dashes, as it stands in routing keys and user names.
public struct TenantID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let slug: String

  public init?(_ text: String) {
    let allowed: (UInt8) -> Bool = {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "-")
    }
    guard (2...40).contains(text.utf8.count), text.utf8.allSatisfy(allowed), text.first != "-", text.last != "-" else {
      return nil
    }
    slug = text
  }

  public var description: String { slug }
  public static func < (left: TenantID, right: TenantID) -> Bool { left.slug < right.slug }
}

extension TenantID: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a tenant's slug") { $0.stringValue.flatMap { TenantID($0) } }
  }

  public var json: JSONValue { .string(slug) }
}

/// Live and sandbox never mix: each has its broker vhost, and its rows are separated in the database.
public enum Environment: String, Sendable, CaseIterable {
  case live, sandbox
}

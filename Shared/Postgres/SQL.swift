/// A statement put together at run time out of literals, bound values and quoted identifiers, and nothing else.
///
///     let sql: SQL = "SELECT id FROM \(identifier: table) WHERE sku = \(sku)"
///
/// `StaticString` as literal type makes it impossible to pass text that was not written in our source.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
  enum Fragment: Sendable {
    case literal(StaticString)
    case identifier(String)
    case value(any PostgresEncodable)
  }

  var fragments: [Fragment]

  public init(stringLiteral literal: StaticString) {
    fragments = [.literal(literal)]
  }

  public init(stringInterpolation: StringInterpolation) {
    fragments = stringInterpolation.fragments
  }

  public struct StringInterpolation: StringInterpolationProtocol, Sendable {
    var fragments: [Fragment] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      fragments.reserveCapacity(interpolationCount * 2 + 1)
    }

    public mutating func appendLiteral(_ literal: StaticString) {
      fragments.append(.literal(literal))
    }

    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      fragments.append(.value(value))
    }

    public mutating func appendInterpolation(identifier: String) {
      fragments.append(.identifier(identifier))
    }

    public mutating func appendInterpolation(_ sql: SQL) {
      fragments += sql.fragments
    }
  }

  public static func + (left: SQL, right: SQL) -> SQL {
    var sum = left
    sum.fragments += right.fragments
    return sum
  }

  var text: String {
    var text = ""
    var number = 0
    for fragment in fragments {
      switch fragment {
      case .literal(let literal): text += literal.description
      case .identifier(let name): text += SQL.quoted(identifier: name)
      case .value:
        number += 1
        text += "$\(number)"
      }
    }
    return text
  }

  var parameters: [any PostgresEncodable] {
    fragments.compactMap { if case .value(let value) = $0 { value } else { nil } }
  }

  static func quoted(identifier: String) -> String {
    "\""
      + identifier.utf8.split(separator: 0x22, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\"\"") + "\""
  }
}

import CPostgreSQL

/// The result of one statement. Owns libpq's memory and frees it exactly once.
public struct Rows: ~Copyable {
  private let result: OpaquePointer
  private let source: Session.Source

  init(result: OpaquePointer, source: Session.Source) {
    self.result = result
    self.source = source
  }

  deinit { PQclear(result) }

  public var count: Int { Int(PQntuples(result)) }
  public var isEmpty: Bool { count == 0 }
  public var columnCount: Int { Int(PQnfields(result)) }

  /// Rows inserted, updated, deleted or selected.
  public var affectedRows: Int { Rows.affectedRows(of: result) }

  static func affectedRows(of result: OpaquePointer) -> Int {
    Int(String(cString: PQcmdTuples(result))) ?? 0
  }

  /// `let (id, name, note) = try rows.decode(row: 0, as: Int64.self, String.self, String?.self)`
  public func decode<each T: PostgresDecodable>(
    row: Int, as types: repeat (each T).Type
  ) throws(PostgresError) -> (repeat each T) {
    guard row >= 0, row < count else { throw .programmer("row \(row) of \(count) rows", statement: source.firstWords) }
    var wanted: Int32 = 0
    for _ in repeat each types { wanted += 1 }
    guard wanted == PQnfields(result) else {
      throw .programmer("\(wanted) types for \(PQnfields(result)) columns", statement: source.firstWords)
    }
    var column: Int32 = -1
    func next<U: PostgresDecodable>(_: U.Type) throws(PostgresError) -> U {
      column += 1
      do throws(PostgresError) {
        return try U.decode(cell(row: Int32(row), column: column))
      } catch {
        var located = error
        located.statement = source.firstWords
        throw located
      }
    }
    return (repeat try next((each T).self))
  }

  /// `try rows.map(String.self, Int64.self) { sku, revision in … }`
  public func map<each T: PostgresDecodable, R>(
    _ types: repeat (each T).Type, transform: (repeat each T) throws -> R
  ) throws -> [R] {
    var mapped: [R] = []
    mapped.reserveCapacity(count)
    for row in 0..<count {
      let values = try decode(row: row, as: repeat each types)
      mapped.append(try transform(repeat each values))
    }
    return mapped
  }

  /// The first row, or nil if there is none.
  public func first<each T: PostgresDecodable>(
    _ types: repeat (each T).Type
  ) throws(PostgresError) -> (repeat each T)? {
    if isEmpty { return nil }
    let values = try decode(row: 0, as: repeat each types)
    return values
  }

  // A pack of one would give an optional one-element tuple, which no `==` or `??` takes.
  public func first<T: PostgresDecodable>(_ type: T.Type) throws(PostgresError) -> T? {
    if isEmpty { return nil }
    return try decode(row: 0, as: type)
  }

  private func cell(row: Int32, column: Int32) -> PostgresCell {
    let isNull = PQgetisnull(result, row, column) == 1
    let value = UnsafeRawPointer(PQgetvalue(result, row, column))
    return PostgresCell(
      base: isNull ? nil : value?.assumingMemoryBound(to: UInt8.self), count: Int(PQgetlength(result, row, column)),
      oid: PQftype(result, column), column: column, result: result)
  }
}

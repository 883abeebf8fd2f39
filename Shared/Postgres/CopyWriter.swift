/// Lent to the body of `Transaction.copy`.
public struct CopyWriter: ~Copyable {
  let stream: CopyStream

  public func row(_ values: any PostgresEncodable...) throws(PostgresError) {
    try stream.append(values)
  }
}

/// Builds COPY's binary format and sends it in chunks.
final class CopyStream {
  /// Above the 64 KiB that libpq buffers itself, small enough to stay in cache (guess).
  private static let chunkBytes = 128 * 1024

  private let session: Session
  private let statement: String
  private let columnCount: Int
  private var bytes = PostgresBytes()
  private var rowCount = 0

  init(session: Session, table: StaticString, columns: [StaticString]) throws(PostgresError) {
    let tableName = table.description.split(separator: ".").map { SQL.quoted(identifier: String($0)) }
    let columnNames = columns.map { SQL.quoted(identifier: $0.description) }
    self.session = session
    columnCount = columns.count
    statement = "COPY \(table)"
    try session.beginCopy(
      "COPY \(tableName.joined(separator: ".")) (\(columnNames.joined(separator: ", "))) FROM STDIN (FORMAT binary)")
    bytes.append(bytes: "PGCOPY\n".utf8)
    bytes.append(bytes: [0xFF, 0x0D, 0x0A, 0x00])
    bytes.append(integer: Int32(0))  // flags
    bytes.append(integer: Int32(0))  // header extension
  }

  func append(_ values: [any PostgresEncodable]) throws(PostgresError) {
    guard values.count == columnCount else {
      throw .programmer("\(values.count) values for \(columnCount) columns", statement: statement)
    }
    bytes.append(integer: Int16(columnCount))
    for (index, value) in values.enumerated() {
      append(value)
      if let defect = bytes.defect {
        throw PostgresError(
          kind: .invalidData, statement: statement, explanation: "row \(rowCount), value \(index + 1): \(defect)")
      }
    }
    rowCount += 1
    if bytes.count >= Self.chunkBytes { try flush() }
  }

  private func append<Value: PostgresEncodable>(_ value: Value) {
    if value.isPostgresNull { return bytes.append(integer: Int32(-1)) }
    bytes.appendLengthPrefixed { value.encode(into: &$0) }
  }

  func finish() throws(PostgresError) -> Int {
    bytes.append(integer: Int16(-1))
    try flush()
    return try session.endCopy(statement: statement)
  }

  func abandon() {
    session.abandonCopy()
  }

  private func flush() throws(PostgresError) {
    try session.sendCopy(bytes.storage)
    bytes.removeAll()
  }
}

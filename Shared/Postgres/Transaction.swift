import CPostgreSQL

/// An open transaction, lent to the body of `PostgresPool.transaction`. It cannot leave the body, nor wait for anything
/// but the database.
public struct Transaction: ~Copyable {
  private let session: Session

  init(session: Session) {
    self.session = session
  }

  /// Prepared on first use, once per connection.
  public func query(
    _ sql: StaticString, _ parameters: any PostgresEncodable...
  ) throws(PostgresError) -> Rows {
    try query(.prepared(sql), parameters)
  }

  /// - Returns: the number of rows affected.
  @discardableResult
  public func execute(
    _ sql: StaticString, _ parameters: any PostgresEncodable...
  ) throws(PostgresError) -> Int {
    try query(.prepared(sql), parameters).affectedRows
  }

  /// Sent, in order, with the next statement whose answer is awaited, or with the commit: a round trip less. There its
  /// error appears too.
  public func executeLater(_ sql: StaticString, _ parameters: any PostgresEncodable...) throws(PostgresError) {
    try session.requireOpenTransaction()
    session.defer(.prepared(sql), parameters)
  }

  /// Not prepared: for statements whose shape is known at run time only.
  public func query(dynamic sql: SQL) throws(PostgresError) -> Rows {
    try query(.dynamic(sql.text), sql.parameters)
  }

  @discardableResult
  public func execute(dynamic sql: SQL) throws(PostgresError) -> Int {
    try query(dynamic: sql).affectedRows
  }

  /// Several statements as plain text: for migrations only.
  public func executeScript(_ sql: String) throws(PostgresError) {
    try session.requireOpenTransaction()
    try session.ensureBegun()
    try session.simple(sql, statement: PostgresError.firstWords(of: sql))
    try session.requireOpenTransaction()
  }

  /// If `body` throws, its changes alone are undone, and the transaction goes on.
  @discardableResult
  public func savepoint<R>(_ body: () throws -> R) throws -> R {
    try session.requireOpenTransaction()
    try session.ensureBegun()
    // Names nest: the innermost savepoint of a name hides the outer ones.
    try session.simple("SAVEPOINT body", statement: "SAVEPOINT")
    do {
      let value = try body()
      try session.flush()
      try session.requireHealthyTransaction()
      try session.simple("RELEASE SAVEPOINT body", statement: "RELEASE SAVEPOINT")
      return value
    } catch {
      try session.rollbackToSavepoint()
      throw error
    }
  }

  /// Sends statements without waiting for each answer, and collects the answers once per 500.
  ///
  /// - Returns: the affected rows of each statement.
  @discardableResult
  public func pipeline(_ body: (borrowing Pipeline) throws -> Void) throws -> [Int] {
    try session.requireOpenTransaction()
    try session.flush()
    session.mode = .pipeline
    defer { session.mode = .ready }
    let collector = PipelineCollector(session: session)
    do {
      try body(Pipeline(collector: collector))
    } catch {
      collector.abandon()
      throw error
    }
    return try collector.finish()
  }

  /// Bulk load by binary COPY. Values must have exactly the types of the columns: an `Int` fits `bigint` only.
  ///
  /// - Parameter table: may be qualified, as in `reference.tariff_line`.
  /// - Returns: the number of rows.
  @discardableResult
  public func copy(
    into table: StaticString, columns: [StaticString], _ body: (borrowing CopyWriter) throws -> Void
  ) throws -> Int {
    try session.requireOpenTransaction()
    let copy = try CopyStream(session: session, table: table, columns: columns)
    session.mode = .copy
    defer { session.mode = .ready }
    do {
      try body(CopyWriter(stream: copy))
    } catch {
      copy.abandon()
      throw error
    }
    return try copy.finish()
  }

  private func query(
    _ source: Session.Source, _ parameters: [any PostgresEncodable]
  ) throws(PostgresError) -> Rows {
    try session.requireOpenTransaction()
    let result = try session.run(source, parameters)
    return Rows(result: result, source: source)
  }
}

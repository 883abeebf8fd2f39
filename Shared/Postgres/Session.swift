import CPostgreSQL
import Glibc

/// One libpq connection and what is known about it. Confined to the thread of its `PostgresConnection`.
///
/// Statements always travel in pipeline mode: BEGIN, a missing PREPARE and the statement share one round trip.
final class Session {
  /// Results pile up on both sides until a sync; this many small ones fit into any socket buffer.
  static let stepsPerSyncMax = 500

  enum Source {
    case prepared(StaticString)
    case dynamic(String)

    var text: String {
      switch self {
      case .prepared(let sql): sql.description
      case .dynamic(let sql): sql
      }
    }

    var firstWords: String { PostgresError.firstWords(of: text) }
  }

  /// The literal's address identifies a statement; the same literal bound to other types is another one.
  private struct StatementKey: Hashable {
    let sql: UnsafePointer<UInt8>
    let types: [UInt32]
  }

  /// A message sent whose result is still to come.
  private enum Step {
    case begin
    case prepare(StatementKey, Source)
    case statement(Source)
  }

  /// What the connection is in the middle of; libpq mixes none of these.
  enum Mode { case ready, pipeline, copy }

  var mode = Mode.ready
  private let raw: OpaquePointer
  private let configuration: PostgresConfiguration
  private var prepared: [StatementKey: String] = [:]
  private var preparedCount = 0
  private var hasForgottenStatements = false
  private var parameters = ParameterBuffer()
  private var steps: [Step] = []
  /// BEGIN is sent with the first statement.
  private var pendingBegin: String?
  /// Statements to be sent with the next one whose answer is awaited, or with COMMIT.
  private var deferred: [(source: Source, values: [any PostgresEncodable])] = []
  /// The error that aborted the transaction, in case the body swallows it.
  private var firstError: PostgresError?

  init(_ configuration: PostgresConfiguration) throws(PostgresError) {
    self.configuration = configuration
    raw = try openConnection(configuration)
    // If this throws, `deinit` closes the connection.
    try applySettings()
  }

  deinit { PQfinish(raw) }

  var socket: Int32 { PQsocket(raw) }
  var isBroken: Bool { PQstatus(raw) != CONNECTION_OK }

  /// False if the server has said anything while the connection was idle. That is its farewell, or news so rare that
  /// a new connection is the simplest answer.
  func isQuiet() -> Bool {
    var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return isIdle && poll(&descriptor, 1, 0) == 0
  }
}

// MARK: - Transactions

extension Session {
  func begin(_ statement: String) {
    pendingBegin = statement
    deferred.removeAll()
    firstError = nil
  }

  func commit() throws(PostgresError) {
    // Nothing was ever sent: there is nothing to commit.
    if pendingBegin != nil, deferred.isEmpty { return pendingBegin = nil }
    try requireHealthyTransaction()
    do throws(PostgresError) {
      if deferred.isEmpty {
        try simple("COMMIT", statement: "COMMIT")
      } else {
        // One round trip with what was deferred: an error there keeps the server from reaching COMMIT.
        PQclear(try run(.dynamic("COMMIT"), []))
      }
    } catch {
      guard error.endsConnection || isBroken else { throw error }
      var unknown = error
      unknown.kind = .commitOutcomeUnknown
      throw unknown
    }
  }

  /// Never throws: a connection that cannot roll back is broken, and its owner discards it.
  func rollback() {
    deferred.removeAll()
    if pendingBegin != nil { return pendingBegin = nil }
    if isBroken || PQtransactionStatus(raw) == PQTRANS_IDLE { return }
    try? simple("ROLLBACK", statement: "ROLLBACK")
  }

  func requireOpenTransaction() throws(PostgresError) {
    try requireUsable()
    if mode == .pipeline { throw .programmer("only the pipeline can be used inside its body") }
    if mode == .copy { throw .programmer("only the writer can be used inside the body of a copy") }
    let status = PQtransactionStatus(raw)
    if pendingBegin != nil || status == PQTRANS_INTRANS || status == PQTRANS_INERROR { return }
    throw .programmer("a statement ended the transaction")
  }

  var isIdle: Bool { !isBroken && PQtransactionStatus(raw) == PQTRANS_IDLE }
  var isReusable: Bool { isIdle && !hasForgottenStatements }

  /// Throws the error that a body has swallowed.
  func requireHealthyTransaction() throws(PostgresError) {
    try requireOpenTransaction()
    if PQtransactionStatus(raw) == PQTRANS_INERROR {
      throw firstError ?? PostgresError(kind: .other, explanation: "the transaction was aborted")
    }
  }

  func rollbackToSavepoint() throws(PostgresError) {
    deferred.removeAll()
    if isBroken { return }
    try simple("ROLLBACK TO SAVEPOINT body; RELEASE SAVEPOINT body", statement: "ROLLBACK TO SAVEPOINT")
    firstError = nil
  }

  /// Catches up with everything that has been asked for.
  func ensureBegun() throws(PostgresError) {
    if !deferred.isEmpty { return try flush() }
    guard let begin = pendingBegin else { return }
    try simple(begin, statement: begin)
    pendingBegin = nil
  }
}

// MARK: - Statements

extension Session {
  /// Nothing is sent yet.
  func `defer`(_ source: Source, _ values: [any PostgresEncodable]) { deferred.append((source, values)) }

  func flush() throws(PostgresError) {
    guard let last = deferred.popLast() else { return }
    PQclear(try run(last.source, last.values))
  }

  /// The caller owns the result.
  func run(_ source: Source, _ values: [any PostgresEncodable]) throws(PostgresError) -> OpaquePointer {
    let isFirst = pendingBegin != nil
    let begin = pendingBegin
    do {
      return try runOnce(source, values)
    } catch {
      // Nothing else happened in this transaction, so it can be started again unseen.
      guard error.kind == .preparedStatementMissing, isFirst else { throw error }
      let waiting = deferred
      rollback()
      try restore()
      pendingBegin = begin
      deferred = waiting
      firstError = nil
      return try runOnce(source, values)
    }
  }

  private func runOnce(
    _ source: Source, _ values: [any PostgresEncodable]
  ) throws(PostgresError) -> OpaquePointer {
    for statement in deferred { try enqueue(statement.source, statement.values) }
    try enqueue(source, values)
    var last: OpaquePointer?
    do throws(PostgresError) {
      try sync { result in
        if let last { PQclear(last) }
        last = result
      }
      deferred.removeAll()
    } catch {
      var alone = error
      alone.statementIndex = nil
      throw alone
    }
    guard let last else { throw PostgresError(connection: raw, statement: nil) }
    return last
  }

  /// Runs a statement of the session itself, outside any transaction.
  private func applySettings() throws(PostgresError) {
    let settings = configuration.settings
    let calls = settings.indices.map { "set_config($\($0 * 2 + 1), $\($0 * 2 + 2), false)" }
    let values = settings.flatMap { [$0.0, $0.1] as [any PostgresEncodable] }
    PQclear(try runOnce(.dynamic("SELECT " + calls.joined(separator: ", ")), values))
  }

  /// Whoever made the server forget our statements (DISCARD ALL, say) has reset the session's settings and role too.
  private func restore() throws(PostgresError) {
    try applySettings()
    hasForgottenStatements = false
  }

  /// Sends one statement, with BEGIN and PREPARE before it where they are due. `sync` collects the results.
  func enqueue(_ source: Source, _ values: [any PostgresEncodable]) throws(PostgresError) {
    try parameters.fill(values, for: source)
    if steps.isEmpty {
      try requireUsable()
      try check(PQenterPipelineMode(raw), source)
    }
    if let begin = pendingBegin {
      steps.append(.begin)
      try check(PQsendQueryParams(raw, begin, 0, nil, nil, nil, nil, 1), source)
      pendingBegin = nil
    }
    switch source {
    case .dynamic(let sql):
      steps.append(.statement(source))
      try check(sendParameters { PQsendQueryParams(raw, sql, $0, parameters.types, $1, $2, $3, 1) }, source)
    case .prepared(let sql):
      let name = try prepare(sql)
      steps.append(.statement(source))
      try check(sendParameters { PQsendQueryPrepared(raw, name, $0, $1, $2, $3, 1) }, source)
    }
  }

  var stepCount: Int { steps.count }

  private func requireUsable() throws(PostgresError) {
    if isBroken { throw firstError ?? PostgresError(connection: raw, statement: nil) }
  }

  private func prepare(_ sql: StaticString) throws(PostgresError) -> String {
    let key = StatementKey(sql: sql.utf8Start, types: parameters.types)
    if let name = prepared[key] { return name }
    preparedCount += 1
    let name = "p\(preparedCount)"
    prepared[key] = name
    steps.append(.prepare(key, .prepared(sql)))
    try check(PQsendPrepare(raw, name, sql.description, parameters.count, parameters.types), .prepared(sql))
    return name
  }

  private func sendParameters(
    _ send: (Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Int32
  ) -> Int32 {
    parameters.withValues { values in send(parameters.count, values, parameters.lengths, parameters.formats) }
  }

  private func check(_ status: Int32, _ source: Source) throws(PostgresError) {
    if status == 1 { return }
    throw fail(PostgresError(connection: raw, statement: source.firstWords))
  }

  /// Ends the round trip: hands out the results of the statements in order, or throws the first error, whose
  /// `statementIndex` counts the statements of this round trip.
  func sync(_ onResult: (OpaquePointer) -> Void) throws(PostgresError) {
    guard !steps.isEmpty else { return }
    defer { steps.removeAll(keepingCapacity: true) }
    guard PQpipelineSync(raw) == 1 else { throw fail(PostgresError(connection: raw, statement: nil)) }
    var results: [OpaquePointer] = []
    let error = drain(into: &results)
    if error == nil, takeSyncResult(), PQexitPipelineMode(raw) == 1 {
      for result in results { onResult(result) }
      return
    }
    for result in results { PQclear(result) }
    if let error {
      if !isBroken, takeSyncResult() { PQexitPipelineMode(raw) }
      throw fail(error)
    }
    throw fail(PostgresError(connection: raw, statement: nil))
  }

  private func drain(into results: inout [OpaquePointer]) -> PostgresError? {
    var firstError: PostgresError?
    var index = 0
    for step in steps {
      guard let result = PQgetResult(raw) else {
        return firstError ?? PostgresError(connection: raw, statement: nil)
      }
      let status = PQresultStatus(result)
      let succeeded = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
      if status == PGRES_FATAL_ERROR, firstError == nil { firstError = error(result, step, index) }
      if !succeeded, case .prepare(let key, _) = step { prepared[key] = nil }
      if case .statement = step { index += 1 }
      if succeeded, case .statement = step { results.append(result) } else { PQclear(result) }
      if isBroken { return firstError ?? PostgresError(connection: raw, statement: nil) }
      // A nil separates the results of one message from the next.
      while let extra = PQgetResult(raw) { PQclear(extra) }
    }
    return firstError
  }

  private func error(_ result: OpaquePointer, _ step: Step, _ index: Int) -> PostgresError {
    switch step {
    case .begin: return PostgresError(result: result, statement: "BEGIN")
    case .prepare(_, let source), .statement(let source):
      var error = PostgresError(result: result, statement: source.firstWords)
      error.statementIndex = index
      return error
    }
  }

  private func takeSyncResult() -> Bool {
    guard let result = PQgetResult(raw) else { return false }
    defer { PQclear(result) }
    return PQresultStatus(result) == PGRES_PIPELINE_SYNC
  }

  private func fail(_ error: PostgresError) -> PostgresError {
    // "Current transaction is aborted" says nothing; what aborted it does.
    if error.sqlState == "25P02", let firstError { return firstError }
    if firstError == nil { firstError = error }
    if error.kind == .preparedStatementMissing {
      prepared.removeAll()
      hasForgottenStatements = true
    }
    return error
  }

  /// Text by the simple protocol: BEGIN, COMMIT, savepoints and migrations.
  func simple(_ sql: String, statement: String) throws(PostgresError) {
    guard let result = PQexec(raw, sql) else { throw fail(PostgresError(connection: raw, statement: statement)) }
    defer { PQclear(result) }
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
    case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
      abandonCopy()
      throw fail(.programmer("COPY is not possible in a script", statement: statement))
    default: throw fail(PostgresError(result: result, statement: statement))
    }
  }
}

// MARK: - COPY

extension Session {
  func beginCopy(_ sql: String) throws(PostgresError) {
    try ensureBegun()
    guard let result = PQexec(raw, sql) else { throw fail(PostgresError(connection: raw, statement: sql)) }
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COPY_IN else {
      throw fail(PostgresError(result: result, statement: PostgresError.firstWords(of: sql)))
    }
  }

  func sendCopy(_ bytes: [UInt8]) throws(PostgresError) {
    let status = bytes.withUnsafeBytes {
      PQputCopyData(raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
    }
    guard status == 1 else { throw fail(PostgresError(connection: raw, statement: "COPY")) }
  }

  /// - Returns: the number of rows copied.
  func endCopy(statement: String) throws(PostgresError) -> Int {
    guard PQputCopyEnd(raw, nil) == 1 else { throw fail(PostgresError(connection: raw, statement: statement)) }
    guard let result = PQgetResult(raw) else { throw fail(PostgresError(connection: raw, statement: statement)) }
    defer { PQclear(result) }
    while let extra = PQgetResult(raw) { PQclear(extra) }
    guard PQresultStatus(result) == PGRES_COMMAND_OK else {
      throw fail(PostgresError(result: result, statement: statement))
    }
    return Rows.affectedRows(of: result)
  }

  /// Ends whatever COPY is under way, and reads the answers of the server to the last.
  func abandonCopy() {
    while let result = PQgetResult(raw) {
      defer { PQclear(result) }
      switch PQresultStatus(result) {
      case PGRES_COPY_IN:
        // If this fails the connection never gets idle, and its owner discards it.
        if PQputCopyEnd(raw, "abandoned by the client") != 1 { return }
      case PGRES_COPY_OUT: discardCopyData()
      default: break
      }
    }
  }

  private func discardCopyData() {
    var buffer: UnsafeMutablePointer<CChar>?
    while PQgetCopyData(raw, &buffer, 0) > 0 { PQfreemem(buffer) }
  }
}

// MARK: - LISTEN

extension Session {
  func nextNotification() -> (channel: String, payload: String)? {
    guard let notification = PQnotifies(raw) else { return nil }
    defer { PQfreemem(notification) }
    return (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
  }

  /// False if the connection broke.
  func consumeInput() -> Bool { PQconsumeInput(raw) == 1 }
}

import CPostgreSQL

/// Lent to the body of `Transaction.pipeline`.
public struct Pipeline: ~Copyable {
  let collector: PipelineCollector

  public func execute(
    _ sql: StaticString, _ parameters: any PostgresEncodable...
  ) throws(PostgresError) {
    try collector.send(.prepared(sql), parameters)
  }

  public func execute(dynamic sql: SQL) throws(PostgresError) {
    try collector.send(.dynamic(sql.text), sql.parameters)
  }
}

/// Counts statements across several syncs, so that an error names the right one.
final class PipelineCollector {
  private let session: Session
  private var affectedRows: [Int] = []

  init(session: Session) {
    self.session = session
  }

  func send(_ source: Session.Source, _ parameters: [any PostgresEncodable]) throws(PostgresError) {
    // A statement may bring BEGIN and PREPARE along.
    if session.stepCount + 3 > Session.stepsPerSyncMax { try sync() }
    try session.enqueue(source, parameters)
  }

  func finish() throws(PostgresError) -> [Int] {
    try sync()
    return affectedRows
  }

  /// The body failed; what was sent is drained, and its outcome does not matter.
  func abandon() {
    try? sync()
  }

  private func sync() throws(PostgresError) {
    let done = affectedRows.count
    do throws(PostgresError) {
      try session.sync { result in
        affectedRows.append(Rows.affectedRows(of: result))
        PQclear(result)
      }
    } catch {
      var located = error
      located.statementIndex = error.statementIndex.map { $0 + done }
      throw located
    }
  }
}

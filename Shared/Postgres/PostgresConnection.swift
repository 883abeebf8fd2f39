import IOThread

/// A connection and its thread. Every libpq call, connecting included, happens on that thread.
actor PostgresConnection {
  private nonisolated let executor: ThreadExecutor
  private let configuration: PostgresConfiguration
  private var session: Session?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ configuration: PostgresConfiguration) {
    self.configuration = configuration
    executor = ThreadExecutor()
  }

  deinit { executor.stop() }

  func open() throws(PostgresError) {
    session = try Session(configuration)
  }

  func close() {
    session = nil
  }

  /// How a use of the connection ended, and whether another may follow.
  struct Outcome<R: Sendable>: Sendable {
    var result: Result<R, any Error>
    var isReusable: Bool
  }

  /// Nil if the connection had already died while idle: the body has not run, so another connection may be tried.
  func transaction<R: Sendable>(
    begin: String, _ body: @Sendable (borrowing Transaction) throws -> R
  ) -> Outcome<R>? {
    guard let session, session.isQuiet() else { return nil }
    session.begin(begin)
    let result: Result<R, any Error>
    do {
      let value = try body(Transaction(session: session))
      try session.commit()
      result = .success(value)
    } catch {
      session.rollback()
      result = .failure(error)
    }
    return Outcome(result: result, isReusable: session.isReusable)
  }

  func executeScript(_ sql: String) -> Outcome<Void>? {
    guard let session, session.isQuiet() else { return nil }
    let result: Result<Void, any Error>
    do throws(PostgresError) {
      try session.simple(sql, statement: PostgresError.firstWords(of: sql))
      result = .success(())
    } catch {
      result = .failure(error)
    }
    session.rollback()
    return Outcome(result: result, isReusable: session.isReusable)
  }
}

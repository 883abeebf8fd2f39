import Postgres
import TestSupport
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct PoolTests {
  /// Runs `body` while the only connection of the pool is busy.
  private func withBusyPool(
    acquireTimeout: Duration, waitingMax: Int = 1024, _ body: (PostgresPool) async throws -> Void
  ) async throws {
    try await withPool {
      $0.poolSize = 1
      $0.acquireTimeout = acquireTimeout
      $0.waitingMax = waitingMax
    } _: { pool in
      let gate = Gate()
      async let busy: Void = pool.transaction { tx in
        try tx.execute("SELECT 1")
        gate.pass()
      }
      try await eventually { pool.state.leased == 1 }
      do {
        try await body(pool)
      } catch {
        gate.open()
        throw error
      }
      gate.open()
      try await busy
    }
  }

  @Test func nothingIsOpenedBeforeItIsNeeded() async throws {
    try await withPool { pool in
      #expect(pool.state == PoolState())
      try await pool.transaction { tx in try tx.execute("SELECT 1") }
      #expect(pool.state == PoolState(open: 1, idle: 1))
    }
  }

  @Test func manyCallersShareFewConnections() async throws {
    try await withPool {
      $0.poolSize = 3
    } _: { pool in
      let pids = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<200 {
          group.addTask {
            try await pool.transaction { tx in try tx.query("SELECT pg_backend_pid()").decode(row: 0, as: Int.self) }
          }
        }
        return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
      }
      #expect((1...3).contains(pids.count))
      // One that was opened for a caller whom another served may have served nobody.
      #expect((pids.count...3).contains(pool.state.open + pool.state.opening))
      #expect(pool.state.leased == 0 && pool.state.waiting == 0)
    }
  }

  @Test func aCallerThatWaitsTooLongIsTold() async throws {
    try await withBusyPool(acquireTimeout: .seconds(3)) { pool in
      let error = try await postgresError { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      #expect(error.kind == .poolExhausted)
      #expect(error.isInfrastructure)
      #expect(pool.state.waiting == 0)
    }
  }

  @Test func callersBeyondTheQueueAreRefusedAtOnce() async throws {
    try await withBusyPool(acquireTimeout: .seconds(600), waitingMax: 1) { pool in
      let waiting = Task { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      try await eventually { pool.state.waiting == 1 }
      let error = try await postgresError { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      #expect(error.kind == .poolExhausted)
      waiting.cancel()
    }
  }

  @Test func aCancelledCallerStopsWaiting() async throws {
    try await withBusyPool(acquireTimeout: .seconds(600)) { pool in
      let waiting = Task { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
      try await eventually { pool.state.waiting == 1 }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { _ = try await waiting.value }
      #expect(pool.state.waiting == 0)
      let alreadyCancelled = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        _ = try await pool.transaction { tx in try tx.execute("SELECT 1") }
      }
      await #expect(throws: CancellationError.self) { try await alreadyCancelled.value }
    }
  }

  @Test func closingLetsRunningTransactionsEnd() async throws {
    let pool = PostgresPool(PostgresConfiguration(url: try TestDatabase.required().url, poolSize: 1))
    let gate = Gate()
    let running = Task {
      try await pool.transaction { tx in
        try tx.execute("SELECT 1")
        gate.pass()
        return try tx.query("SELECT 2").decode(row: 0, as: Int.self)
      }
    }
    try await eventually { pool.state.leased == 1 }
    let waiting = Task { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
    try await eventually { pool.state.waiting == 1 }
    let closing = Task { await pool.close() }
    let refused = try await postgresError { try await waiting.value }
    #expect(refused.kind == .poolClosed)
    gate.open()
    let value = try await running.value
    #expect(value == 2)
    await closing.value
    #expect(pool.state == PoolState())
    let late = try await postgresError { try await pool.transaction { tx in try tx.execute("SELECT 1") } }
    #expect(late.kind == .poolClosed)
    await pool.close()
  }
}

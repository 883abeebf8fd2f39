import Postgres
import Testing

@Suite(.timeLimit(.minutes(5)), .enabled(if: PrivateServer.isInstalled, "needs the binaries of PostgreSQL 15"))
struct ServerRestartTests {
  private func withServer(_ body: (PrivateServer) async throws -> Void) async throws {
    let server = try PrivateServer()
    do {
      try await server.create()
      try await server.start()
      try await body(server)
    } catch {
      try? await server.remove()
      throw error
    }
    try await server.remove()
  }

  @Test func poolAndListenerOutliveTheServer() async throws {
    try await withServer { server in
      var configuration = PostgresConfiguration(url: server.url, poolSize: 3)
      configuration.acquireTimeout = .seconds(60)
      let pool = PostgresPool(configuration)
      let listener = PostgresListener(configuration, channels: ["outbox"])
      var events = listener.notifications.makeAsyncIterator()
      #expect(await events.next() == .reconnected)
      try await pool.transaction { tx in try tx.executeScript("CREATE TABLE item (id bigint)") }

      try await server.stop()
      // Sent while there is no server: it waits for one.
      async let early = pool.transaction { tx in try tx.execute("INSERT INTO item VALUES ($1)", 1) }
      try await eventually { pool.state.waiting + pool.state.opening > 0 }
      try await server.start()

      #expect(try await early == 1)
      #expect(await events.next() == .reconnected)
      try await pool.transaction { tx in try tx.execute("SELECT pg_notify('outbox', '1')") }
      #expect(await events.next() == .notification(channel: "outbox", payload: "1"))
      await listener.close()
      await pool.close()
    }
  }
}

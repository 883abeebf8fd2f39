import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(5)))
struct ListenerTests {
  @Test(.database) func notificationsArriveAndSurviveALostConnection() async throws {
    try await withPool { pool in
      var configuration = PostgresConfiguration(url: try TestDatabase.required().url)
      configuration.applicationName = "listener"
      let listener = PostgresListener(configuration, channels: ["outbox", "Odd \"name"])
      var events = listener.notifications.makeAsyncIterator()
      #expect(await events.next() == .reconnected)
      try await pool.transaction { tx in try tx.execute("SELECT pg_notify('outbox', 'a')") }
      #expect(await events.next() == .notification(channel: "outbox", payload: "a"))
      try await pool.transaction { tx in try tx.execute("SELECT pg_notify($1, '')", "Odd \"name") }
      #expect(await events.next() == .notification(channel: "Odd \"name", payload: ""))

      try await pool.transaction { tx in
        try tx.execute(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'listener' AND datname = current_database()
          """)
      }
      #expect(await events.next() == .reconnected)
      try await pool.transaction { tx in try tx.execute("SELECT pg_notify('outbox', 'b')") }
      #expect(await events.next() == .notification(channel: "outbox", payload: "b"))

      await listener.close()
      #expect(await events.next() == nil)
    }
  }

  @Test func aListenerWithoutAServerCanBeClosed() async {
    let listener = PostgresListener(PostgresConfiguration(url: "postgres://127.0.0.1:1/none"), channels: ["a"])
    await listener.close()
    var events = listener.notifications.makeAsyncIterator()
    #expect(await events.next() == nil)
  }

  @Test func equalPendingEventsAreMerged() async {
    let queue = NotificationQueue(pendingMax: 10)
    let a = PostgresListener.Event.notification(channel: "c", payload: "a")
    let b = PostgresListener.Event.notification(channel: "c", payload: "b")
    for event in [a, b, a, a, b] { queue.push(event) }
    #expect(await queue.next() == a)
    queue.push(a)
    #expect(await queue.next() == b)
    #expect(await queue.next() == a)
    queue.finish()
    #expect(await queue.next() == nil)
  }

  @Test func anOverflowAsksForOneLookAtEverything() async {
    let queue = NotificationQueue(pendingMax: 3)
    for number in 0..<4 { queue.push(.notification(channel: "c", payload: "\(number)")) }
    #expect(await queue.next() == .reconnected)
    queue.push(.notification(channel: "c", payload: "later"))
    #expect(await queue.next() == .notification(channel: "c", payload: "later"))
  }

  @Test func aCancelledConsumerStopsWaiting() async {
    let queue = NotificationQueue(pendingMax: 3)
    let consumer = Task { await queue.next() }
    consumer.cancel()
    #expect(await consumer.value == nil)
  }
}

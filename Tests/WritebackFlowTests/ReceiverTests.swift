import Crypto
import Domain
import JSON
import Postgres
import Store
import Synchronization
import TestSupport
import Testing
import WorkerRuntime
import WritebackEngine

@testable import WritebackWorker

@Suite("Receivers that are away hold up nobody else, and those that want no more get no more", .timeLimit(.minutes(5)))
struct ReceiverTests {
  private static func item(_ number: Int, to destination: Destination) -> Carrier.Item {
    let now = SystemClock.now()
    let delivery = StoredDelivery(
      id: UniqueID(high: 0x8000, low: UInt64(number)), destination: destination.name, subjectKind: "case",
      subject: UniqueID(high: 0, low: 1), stream: "SG/A", sequence: 1, payload: Array("{}".utf8), state: .pending,
      attempts: 0, nextAttemptAt: now, lastStatus: nil, lastError: nil, createdAt: now, deliveredAt: nil)
    return Carrier.Item(tenant: Scene.acme, delivery: delivery, destination: destination)
  }

  @Test("a batch does not go on trying a destination that left one of it without an answer")
  func silence() async throws {
    let receiver = try Receiver()
    let away = Scene.webhook("http://127.0.0.1:1/", named: "away")
    let there = Scene.webhook(receiver.url, named: "there")
    let items = (0..<60).map { Self.item($0, to: away) } + (60..<64).map { Self.item($0, to: there) }
    let outcomes = try await Scene.carrier().carry(items)
    #expect(outcomes.suffix(4).allSatisfy { $0 == .answered(status: 204, retryAfter: nil) })
    let tried = outcomes.prefix(60).count { $0 != nil }
    #expect((1...Carrier.webhooksAtOnce).contains(tried), "\(tried) of 60")
  }

  @Test("a destination that answers, however badly, is tried with all of a batch")
  func answers() async throws {
    let receiver = try Receiver { 500 }
    let there = Scene.webhook(receiver.url)
    let outcomes = try await Scene.carrier().carry((0..<40).map { Self.item($0, to: there) })
    #expect(outcomes.allSatisfy { $0 == .answered(status: 500, retryAfter: nil) })
  }

  @Test("what was not tried waits for the first rung, and that is no attempt")
  func notTried() {
    let now = SystemClock.now()
    let after = Self.item(1, to: Scene.webhook("http://127.0.0.1:1/")).delivery.after(
      nil, ladder: DeliveryLadder(), now: now)
    #expect(after.state == .pending && after.attempts == 0 && after.nextAttemptAt == now.adding(.seconds(5)))
  }

  @Test("tenants do not wait for one another", .database(from: Installation.template))
  func concurrent() async throws {
    let calls = Calls()
    // Each answers when the other's delivery has come too, which never happens when one is sent after the other.
    let receiver = try Receiver {
      calls.count.withLock { $0 += 1 }
      let both: Bool? = try? await eventually("both") { calls.count.withLock { $0 == 2 } ? true : nil }
      return both == true ? 204 : 500
    }
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      for tenant in [Scene.acme, Scene.other] {
        let id = try await scene.documented("BESIDE", ["610910"], of: tenant)
        try await scene.store(id, sku: "BESIDE", decision: 1, .pending, of: tenant)
      }
      #expect(try await scene.retry() == 2)
      let states = try await scene.owner.transaction { tx in
        try tx.query("SELECT state FROM delivery").map(DeliveryState.self) { $0 }
      }
      #expect(states == [.delivered, .delivered])
    }
  }

  private final class Calls: Sendable {
    let count = Mutex(0)
  }

  @Test("a backlog at one destination leaves room for the others", .database(from: Installation.template))
  func fairness() async throws {
    try await Scene.with([]) { scene in
      for number in 1...5 {
        let id = try await scene.documented("MANY-\(number)", ["610910"])
        try await scene.store(id, sku: "MANY-\(number)", decision: 1, .pending, dueAgo: .seconds(60))
      }
      let id = try await scene.documented("ONE", ["610910"], of: Scene.other)
      let one = try await scene.store(id, sku: "ONE", decision: 1, .pending, of: Scene.other)
      let due = try await scene.service.transaction { tx in
        try DeliveryStore.due(before: SystemClock.now(), limit: 2, tx)
      }
      #expect(due.map(\.0) == [Scene.acme, Scene.other])
      #expect(due.last?.1 == one)
    }
  }

  @Test(
    "a 410 disables the destination and says so in the audit log, also when the case has moved on",
    .database(from: Installation.template), arguments: [CaseState.documented, .superseded])
  func gone(state: CaseState) async throws {
    let receiver = try Receiver { 410 }
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      let id = try await scene.documented("GONE", ["610910"])
      try await scene.store(id, sku: "GONE", decision: 1, .pending)
      try await scene.owner.transaction(as: Scene.acme) { tx in
        _ = try tx.execute("UPDATE customs_case SET state = $1", state)
      }
      #expect(try await scene.retry() == 1)
      let (active, history) = try await scene.owner.transaction(as: Scene.acme) { tx in
        let subject = UniqueID(digest: SHA256.hash("acme destination erp").bytes)
        return (try DeliveryStore.destinations(tx).count - 1, try AuditLog.history(of: subject, tx).map(\.content))
      }
      // The other tenant's of the same name goes on.
      #expect(active == 0)
      #expect(history.count == 1 && history[0].contains("destination.disabled"))
    }
  }

  @Test("a first delivery that is answered 410 disables the destination too", .database(from: Installation.template))
  func goneAtFirst() async throws {
    let receiver = try Receiver { 410 }
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      let id = try await scene.documented("GONE", ["610910"])
      try await scene.handle([id])
      let active = try await scene.service.transaction(as: Scene.acme) { tx in
        try DeliveryStore.destinations(tx).count
      }
      #expect(active == 0)
      #expect(try await scene.state(id) == .undeliverable)
    }
  }
}

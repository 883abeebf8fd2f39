import Contracts
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime
import WritebackEngine

@testable import WritebackWorker

@Suite("An outcome is delivered once, in its tenant, and never after a newer one", .timeLimit(.minutes(5)))
struct OrderTests {
  @Test(
    "two tenants with the same SKU and the same name for their destination each get theirs",
    .database(from: Installation.template))
  func tenants() async throws {
    let receiver = try Receiver()
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      for tenant in [Scene.acme, Scene.other] {
        let id = try await scene.documented("SAME", ["610910"], of: tenant)
        try await scene.handle([id], of: tenant)
        #expect(try await scene.deliveries(id, of: tenant).map(\.state) == [.delivered])
        #expect(try await scene.state(id, of: tenant) == .writtenBack)
      }
    }
    #expect(await receiver.got.count == 2)
  }

  @Test("within a tenant no other tenant's waiting deliveries are seen", .database(from: Installation.template))
  func isolation() async throws {
    try await Scene.with([]) { scene in
      let id = try await scene.documented("SHARED", ["610910"], of: Scene.other)
      let delivery = try await scene.store(id, sku: "SHARED", decision: 1, .pending, of: Scene.other)
      let seen = try await scene.service.transaction(as: Scene.acme) { tx in
        (
          try DeliveryStore.newest(["SG/SHARED"], at: "erp", tx).count,
          try DeliveryStore.due(before: SystemClock.now(), limit: 10, tx).count
        )
      }
      #expect(seen == (0, 0))
      let across = try await scene.service.transaction { tx in
        try DeliveryStore.due(before: SystemClock.now(), limit: 10, tx).map(\.1)
      }
      #expect(across == [delivery])
    }
  }

  @Test(
    "a retry of an older decision does not settle a newer one that was never sent",
    .database(from: Installation.template))
  func newDecision() async throws {
    let receiver = try Receiver()
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      let id = try await scene.documented("REDECIDED", ["610910", "420212"])
      try await scene.store(id, sku: "REDECIDED", decision: 1, .pending)
      #expect(try await scene.retry() == 1)
      #expect(try await scene.state(id) == .documented)
      try await scene.handle([id])
      #expect(try await scene.state(id) == .writtenBack)
      #expect(await receiver.got.compactMap { $0["data"]?["code"]?.stringValue } == ["6109", "420212"])
    }
  }

  @Test("a case is written back at once where the tenant has no destinations", .database(from: Installation.template))
  func noDestinations() async throws {
    try await Scene.with([]) { scene in
      let id = try await scene.documented("NOWHERE", ["610910"])
      try await scene.handle([id])
      #expect(try await scene.state(id) == .writtenBack)
    }
  }

  @Test("what a newer decision has overtaken is not sent any more", .database(from: Installation.template))
  func overtaken() async throws {
    let receiver = try Receiver()
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      let id = try await scene.documented("OVERTAKEN", ["610910", "420212"])
      try await scene.store(id, sku: "OVERTAKEN", decision: 1, .pending)
      try await scene.store(id, sku: "OVERTAKEN", decision: 2, .delivered)
      #expect(try await scene.retry() == 1)
      let deliveries = try await scene.deliveries(id)
      #expect(deliveries.map(\.state) == [.superseded, .delivered])
      #expect(deliveries.first?.lastError == "a newer decision took its place")
      #expect(try await scene.state(id) == .writtenBack)
    }
    #expect(await receiver.got.isEmpty)
  }

  @Test(
    "a person cannot revive what a newer decision has overtaken", .database(from: Installation.template),
    arguments: [DeliveryState.dead, .conflict])
  func revived(state: DeliveryState) async throws {
    try await Scene.with([]) { scene in
      let id = try await scene.documented("REVIVED", ["610910", "420212"])
      let old = try await scene.store(id, sku: "REVIVED", decision: 1, state)
      let new = try await scene.store(id, sku: "REVIVED", decision: 2, state)
      let revived = try await scene.owner.transaction(as: Scene.acme) { tx in
        try Redelivery.revive([old, new], at: SystemClock.now(), tx)
      }
      #expect(revived.deliveries.map(\.id) == [new])
      #expect(try await scene.deliveries(id).map(\.state) == [state, .pending])
    }
  }

  @Test(
    "what has ended stays as it ended, whoever comes late with an answer", .database(from: Installation.template),
    arguments: [DeliveryState.superseded, .dead, .delivered, .conflict])
  func ended(state: DeliveryState) async throws {
    try await Scene.with([]) { scene in
      let id = try await scene.documented("ENDED", ["610910"])
      try await scene.store(id, sku: "ENDED", decision: 1, state)
      try await scene.store(id, sku: "ENDED", decision: 1, .pending)
      #expect(try await scene.deliveries(id).map(\.state) == [state])
    }
  }

  @Test("a lease outlasts a batch of which each delivery waits for its time limit")
  func lease() {
    let rounds = (DeliveryRetries.batchMax + Carrier.webhooksAtOnce - 1) / Carrier.webhooksAtOnce
    #expect(DeliveryRetries.lease > Carrier.webhookTimeout * rounds + .seconds(60))
  }
}

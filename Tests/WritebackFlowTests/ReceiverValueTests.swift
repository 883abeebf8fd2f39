import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime
import WritebackEngine

@testable import WritebackWorker

@Suite("What a receiver is believed to hold", .timeLimit(.minutes(5)))
struct ReceiverValueTests {
  private static let (ours, theirs, wanted) = (HSCode("610910")!, HSCode("420212")!, HSCode("851712")!)
  private static let now = Instant(microseconds: 1_750_000_000_000_000)

  private static func value(
    reported: HSCode?, after seconds: Int, delivered: HSCode?, written: HSCode? = ours
  ) -> ReceiverValue {
    ReceiverValue(
      reported: .init(code: reported, reportedAt: now.adding(.seconds(seconds))),
      lastDelivered: .init(at: now, code: delivered, writtenCode: written), supplied: nil)
  }

  @Test("is what it took of us, whatever it reported before", arguments: [nil, theirs, ours])
  func stale(reported: HSCode?) {
    let value = Self.value(reported: reported, after: -1, delivered: Self.ours)
    #expect(value.conflict(with: Self.wanted) == nil)
    #expect(value.expected == RecordedValue(code: Self.ours))
  }

  @Test("is what it reported since, which is a conflict unless we wrote it")
  func news() {
    let changed = Self.value(reported: Self.theirs, after: 1, delivered: Self.ours)
    #expect(changed.conflict(with: Self.wanted) == "The code was changed in the ERP after we wrote it.")
    #expect(changed.expected == RecordedValue(code: Self.theirs))
    let confirmed = Self.value(reported: Self.ours, after: 1, delivered: Self.ours)
    #expect(confirmed.conflict(with: Self.wanted) == nil)
  }

  @Test("after a rejection may be nothing or what it held, and anything else is a change")
  func rejection() {
    for kept in [nil, Self.ours] {
      #expect(Self.value(reported: kept, after: 1, delivered: nil).conflict(with: Self.wanted) == nil)
    }
    #expect(Self.value(reported: Self.theirs, after: 1, delivered: nil).conflict(with: Self.wanted) != nil)
    let stale = Self.value(reported: Self.theirs, after: -1, delivered: nil)
    #expect(stale.conflict(with: Self.wanted) == nil)
    #expect(stale.expected == nil)
  }

  @Test(
    "is known again from the deliveries: our own write is no conflict with an older report",
    .database(from: Installation.template))
  func stored() async throws {
    let receiver = try Receiver()
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      try await scene.owner.transaction(as: Scene.acme) { tx in
        try ERPValues.report(sku: "KNOWN", market: Scene.market, code: nil, at: SystemClock.now(), tx)
      }
      let id = try await scene.documented("KNOWN", ["610910"])
      try await scene.handle([id])
      for (index, code) in [nil, "420212", "851712"].enumerated() {
        try await scene.decide(id, sequence: Int64(index + 2), code)
        try await scene.handle([id])
        #expect(try await scene.state(id) == .writtenBack)
      }
      let newest = try await scene.service.transaction(as: Scene.acme) { tx in
        try DeliveryStore.newest(["SG/KNOWN"], at: "erp", tx)["SG/KNOWN"]
      }
      #expect(newest?.sequence == 1004 && newest?.lastDelivered?.code == HSCode("851712"))
    }
    let expected = await receiver.got.map { $0["data"]?["expected"]?["code"] }
    #expect(expected == [.null, "610910", nil, "420212"])
  }

  @Test("keeps the code that stood before a rejection", .database(from: Installation.template))
  func writtenBefore() async throws {
    let receiver = try Receiver()
    try await Scene.with([Scene.webhook(receiver.url)]) { scene in
      let id = try await scene.documented("REJECTED", ["610910"])
      try await scene.handle([id])
      try await scene.decide(id, sequence: 2, nil)
      try await scene.handle([id])
      let newest = try await scene.service.transaction(as: Scene.acme) { tx in
        try DeliveryStore.newest(["SG/REJECTED"], at: "erp", tx)["SG/REJECTED"]
      }
      #expect(newest?.lastDelivered?.code == nil && newest?.lastDelivered?.writtenCode == HSCode("610910"))
    }
  }
}

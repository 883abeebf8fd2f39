import Crypto
import Domain
import Merkle
import Postgres
import TestSupport
import Testing

@testable import Maintenance
@testable import Store

@Suite("Sealing the audit log", .timeLimit(.minutes(3)))
struct SealingTests {
  @Test(
    "entries become leaves in the order written, under a checkpoint that verifies",
    .database(from: Installation.template))
  func sealing() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<5)
      try await audit.append(5..<7, of: audit.other)
      #expect(try await audit.seal() == AuditSealer.Outcome(sealed: 7))
      try await audit.append(7..<9)
      #expect(try await audit.seal() == AuditSealer.Outcome(sealed: 2))
      let report = try await audit.verify()
      #expect(report.faults == [])
      #expect(report.entryCount == 7)
      #expect(report.checkpointCount == 2)
      #expect(report.unsealedCount == 0)
      let expected = NaiveRoot.of(AuditFixture.entries(0..<5) + AuditFixture.entries(7..<9), tenant: audit.acme)
      let head = try Checkpoint(text: try #require(report.head).text)
      #expect(head == Checkpoint(origin: "pabean/live/acme", size: 7, root: expected))
      #expect(try await audit.verify(audit.other).entryCount == 2)
    }
  }

  @Test("with nothing new, no checkpoint is made", .database(from: Installation.template))
  func idle() async throws {
    try await AuditFixture.open { audit in
      #expect(try await audit.seal() == AuditSealer.Outcome())
      try await audit.append(0..<1)
      try await audit.seal()
      #expect(try await audit.seal() == AuditSealer.Outcome())
      #expect(try await audit.count("SELECT count(*) FROM audit_checkpoint") == 1)
    }
  }

  @Test(
    "nothing is sealed before a transaction that began earlier has ended, so that it cannot come in between",
    .database(from: Installation.template))
  func olderTransaction() async throws {
    try await AuditFixture.open { audit in
      let gate = Gate()
      let slow = Task {
        try await audit.ingest.transaction(as: audit.acme) { tx in
          try AuditLog.append(AuditFixture.entries(0..<1), of: audit.acme, tx)
          // Sends what was put off until there is an answer to wait for.
          _ = try tx.query("SELECT")
          gate.arriveAndWait()
        }
      }
      await gate.arrived()
      try await audit.append(1..<2)
      #expect(try await audit.sealer.sealAll().sealed == 0)
      #expect(try await audit.verify().unsealedCount == 1)
      gate.open()
      try await slow.value
      #expect(try await audit.seal().sealed == 2)
      #expect(try await audit.faults() == [])
      let first = try await audit.count(
        "SELECT (content::json->'data'->>'number')::bigint FROM audit_entry e JOIN audit_leaf l USING (tenant, seq) WHERE leaf_index = 0"
      )
      #expect(first == 0)
    }
  }

  @Test("several sealers at once never fork the log", .database(from: Installation.template))
  func concurrentSealers() async throws {
    try await AuditFixture.open { audit in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for part in 0..<4 as Range<UInt64> {
          group.addTask {
            for step in 0..<10 as Range<UInt64> {
              let start = (part * 10 + step) * 5
              try await audit.append(start..<(start + 5))
            }
          }
        }
        for _ in 0..<3 {
          let sealer = AuditSealer(
            pool: audit.maintenance, environment: .live, key: audit.key, log: AuditFixture.log)
          group.addTask {
            for _ in 0..<15 {
              let outcome = try await sealer.sealAll()
              #expect(outcome.refused == [])
            }
          }
        }
        try await group.waitForAll()
      }
      try await audit.seal()
      let report = try await audit.verify()
      #expect(report.faults == [])
      #expect(report.entryCount == 200)
      #expect(report.unsealedCount == 0)
    }
  }

  @Test(
    "a backlog is sealed in batches, tens of thousands of entries in a second", .database(from: Installation.template))
  func backlog() async throws {
    try await AuditFixture.open { audit in
      for part in 0..<9 as Range<UInt64> { try await audit.append((part * 5000)..<(part * 5000 + 5000)) }
      let start = ContinuousClock.now
      #expect(try await audit.seal().sealed == 45_000)
      let took = ContinuousClock.now - start
      #expect(try await audit.count("SELECT count(*) FROM audit_checkpoint") >= 3)
      // Far slower than it is, so that a busy machine does not fail it.
      #expect(took < .seconds(20), "took \(took)")
      let report = try await audit.verify()
      #expect(report.faults == [])
      #expect(report.entryCount == 45_000)
    }
  }

  @Test(
    "a log whose newest checkpoint was altered is not sealed on, and the others are",
    .database(from: Installation.template))
  func alteredCheckpoint() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<3)
      try await audit.append(3..<6, of: audit.other)
      try await audit.seal()
      try await audit.tamper(
        "UPDATE audit_checkpoint SET subtrees = set_byte(subtrees, 0, get_byte(subtrees, 0) # 1) WHERE tenant = 'acme'")
      try await audit.append(6..<7)
      try await audit.append(7..<8, of: audit.other)
      var sealed = 0
      _ = try await eventually("the other log sealed and this one refused") {
        let outcome = try await audit.sealer.sealAll()
        sealed += outcome.sealed
        return sealed == 1 && outcome.refused == [audit.acme] ? true : nil
      }
    }
  }

  @Test("a sealer notices that the log was cut behind its back", .database(from: Installation.template))
  func cutLog() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<3)
      try await audit.seal()
      try await audit.append(3..<5)
      try await audit.seal()
      try await audit.tamper(
        "DELETE FROM audit_checkpoint WHERE tree_size = 5", "DELETE FROM audit_leaf WHERE leaf_index >= 3")
      #expect(try await audit.seal().refused == [audit.acme])
      await #expect(throws: SealRefusal.cut(from: 5, to: 3)) { try await audit.sealer.seal(audit.acme) }
    }
  }

  @Test(
    "rows loaded into a server with lower transaction numbers are not sealed on", .database(from: Installation.template)
  )
  func transactionsWentBack() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<3)
      try await audit.seal()
      try await audit.tamper("UPDATE audit_leaf SET xid = '900000000000' WHERE leaf_index = 2")
      try await audit.append(3..<4)
      #expect(try await audit.seal() == AuditSealer.Outcome(refused: [audit.acme]))
    }
  }

  @Test("live and sandbox are logs of their own", .database(from: Installation.template))
  func environments() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<2)
      let url = try TestDatabase.required().url
      let sandbox = PostgresPool(
        PostgresConfiguration(
          url: url, applicationName: "pabean-test", poolSize: 1, sessionSettings: [("app.environment", "sandbox")],
          role: "pabean_maintenance"))
      let sealer = AuditSealer(pool: sandbox, environment: .sandbox, key: audit.key, log: AuditFixture.log)
      #expect(try await sealer.sealAll().sealed == 0)
      await sandbox.close()
      #expect(try await audit.seal().sealed == 2)
    }
  }
}

/// The root of entries as RFC 6962 defines it, by recursion.
enum NaiveRoot {
  static func of(_ entries: [AuditLog.Entry], tenant: TenantID) -> SHA256Digest {
    root(entries.map { MerkleHash.leaf($0.canonicalText(tenant)) }[...])
  }

  private static func root(_ leaves: ArraySlice<SHA256Digest>) -> SHA256Digest {
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return MerkleHash.node(root(leaves.prefix(split)), root(leaves.dropFirst(split)))
  }
}

import Crypto
import Domain
import Merkle
import Postgres
import Store
import TestSupport
import Testing

@testable import Maintenance

@Suite("What a superuser changes in the audit log is named", .timeLimit(.minutes(3)))
struct TamperingTests {
  /// Ten entries of acme and five of other, under two checkpoints each.
  private func sealed(_ body: (AuditFixture) async throws -> Void) async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<6)
      try await audit.append(20..<23, of: audit.other)
      try await audit.seal()
      try await audit.append(6..<10)
      try await audit.append(23..<25, of: audit.other)
      try await audit.seal()
      #expect(try await audit.faults() == [])
      #expect(try await audit.faults(audit.other) == [])
      try await body(audit)
    }
  }

  @Test("a changed text", .database(from: Installation.template))
  func changed() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 4)
      try await audit.tamper("UPDATE audit_entry SET content = replace(content, 'ana', 'eve') WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.changed(leaf: 4, seq: seq)])
      #expect(try await audit.faults(audit.other) == [])
    }
  }

  @Test("a changed text with the hash that belongs to it", .database(from: Installation.template))
  func changedWithHash() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 4)
      try await audit.tamper(
        "UPDATE audit_entry SET content = replace(content, 'ana', 'eve') WHERE seq = \(seq)",
        "UPDATE audit_entry SET leaf_hash = sha256('\\x00'::bytea || convert_to(content, 'UTF8')) WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.changed(leaf: 4, seq: seq)])
    }
  }

  @Test("a changed hash alone", .database(from: Installation.template))
  func changedHash() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 4)
      try await audit.tamper("UPDATE audit_entry SET leaf_hash = sha256('x') WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.changed(leaf: 4, seq: seq)])
    }
  }

  @Test(
    "an entry rewritten together with its leaf, by the leaves between two checkpoints",
    .database(from: Installation.template))
  func rewritten() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 7)
      try await audit.tamper(
        "UPDATE audit_entry SET content = replace(content, 'ana', 'eve') WHERE seq = \(seq)",
        "UPDATE audit_entry SET leaf_hash = sha256('\\x00'::bytea || convert_to(content, 'UTF8')) WHERE seq = \(seq)",
        "UPDATE audit_leaf l SET leaf_hash = e.leaf_hash FROM audit_entry e WHERE e.seq = l.seq AND l.seq = \(seq)")
      #expect(try await audit.faults() == [.leavesAltered(6..<10)])
    }
  }

  @Test("a removed entry", .database(from: Installation.template))
  func removed() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 9)
      try await audit.tamper("DELETE FROM audit_entry WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.removed(leaf: 9, seq: seq)])
    }
  }

  @Test("an entry removed together with its leaf", .database(from: Installation.template))
  func removedWithLeaf() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 2)
      try await audit.tamper(
        "DELETE FROM audit_entry WHERE seq = \(seq)", "DELETE FROM audit_leaf WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.leavesRemoved(2..<3)])
      let last = try await audit.seq(of: 9)
      try await audit.tamper(
        "DELETE FROM audit_entry WHERE seq = \(last)", "DELETE FROM audit_leaf WHERE seq = \(last)")
      #expect(try await audit.faults() == [.leavesRemoved(2..<3), .leavesRemoved(9..<10)])
    }
  }

  @Test("an entry inserted among sealed ones", .database(from: Installation.template))
  func inserted() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 2)
      try await audit.tamper(
        """
        INSERT INTO audit_entry (tenant, environment, xid, subject_id, content, leaf_hash)
        SELECT tenant, environment, xid, subject_id, content, leaf_hash FROM audit_entry WHERE seq = \(seq)
        """)
      // It has a later number, but the transaction of the first entries.
      let new = try await audit.count("SELECT max(seq) FROM audit_entry")
      #expect(try await audit.faults() == [.inserted(seq: new)])
    }
  }

  @Test("a leaf added at the end", .database(from: Installation.template))
  func leafAdded() async throws {
    try await sealed { audit in
      try await audit.append(10..<11)
      try await audit.tamper(
        """
        INSERT INTO audit_leaf (tenant, environment, leaf_index, seq, xid, leaf_hash)
        SELECT tenant, environment, 10, seq, xid, leaf_hash FROM audit_entry ORDER BY seq DESC LIMIT 1
        """)
      #expect(try await audit.faults() == [.leavesAdded(10..<11)])
    }
  }

  @Test("two entries that changed places", .database(from: Installation.template))
  func swappedEntries() async throws {
    try await sealed { audit in
      let (a, b) = (try await audit.seq(of: 3), try await audit.seq(of: 8))
      try await audit.tamper(
        """
        UPDATE audit_entry e SET content = o.content, leaf_hash = o.leaf_hash, subject_id = o.subject_id
        FROM audit_entry o WHERE (e.seq = \(a) AND o.seq = \(b)) OR (e.seq = \(b) AND o.seq = \(a))
        """)
      #expect(
        try await audit.faults() == [.reordered(leaf: 3, belongsAt: 8), .reordered(leaf: 8, belongsAt: 3)])
    }
  }

  @Test("two leaves that changed places", .database(from: Installation.template))
  func swappedLeaves() async throws {
    try await sealed { audit in
      try await audit.tamper(
        "UPDATE audit_leaf SET leaf_index = 100 WHERE tenant = 'acme' AND leaf_index = 6",
        "UPDATE audit_leaf SET leaf_index = 6 WHERE tenant = 'acme' AND leaf_index = 7",
        "UPDATE audit_leaf SET leaf_index = 7 WHERE tenant = 'acme' AND leaf_index = 100")
      #expect(try await audit.faults() == [.reordered(leaf: 7, belongsAt: nil), .leavesAltered(6..<10)])
    }
  }

  @Test("an entry moved to another tenant", .database(from: Installation.template))
  func moved() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 5)
      try await audit.tamper("UPDATE audit_entry SET tenant = 'other' WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.movedTo(audit.other, leaf: 5, seq: seq)])
      #expect(try await audit.faults(audit.other) == [.movedFrom("acme", seq: seq)])
    }
  }

  @Test("an entry moved to another tenant's log with its leaf", .database(from: Installation.template))
  func movedWithLeaf() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 9)
      try await audit.tamper(
        "UPDATE audit_entry SET tenant = 'other' WHERE seq = \(seq)",
        "UPDATE audit_leaf SET tenant = 'other', leaf_index = 5 WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.leavesRemoved(9..<10)])
      #expect(
        try await audit.faults(audit.other) == [
          .reordered(leaf: 5, belongsAt: nil), .movedFrom("acme", seq: seq), .leavesAdded(5..<6),
        ])
    }
  }

  @Test("an entry filed under another case", .database(from: Installation.template))
  func refiled() async throws {
    try await sealed { audit in
      let seq = try await audit.seq(of: 5)
      try await audit.tamper("UPDATE audit_entry SET subject_id = gen_random_uuid() WHERE seq = \(seq)")
      #expect(try await audit.faults() == [.refiled(leaf: 5, seq: seq)])
    }
  }

  @Test("a checkpoint with another root", .database(from: Installation.template))
  func checkpoints() async throws {
    try await sealed { audit in
      try await audit.tamper(
        "UPDATE audit_checkpoint SET root_hash = sha256('x') WHERE tenant = 'acme' AND tree_size = 6")
      #expect(try await audit.faults() == [.checkpointAltered(size: 6)])
    }
  }

  @Test("a checkpoint with another note", .database(from: Installation.template))
  func notes() async throws {
    try await sealed { audit in
      try await audit.tamper(
        "UPDATE audit_checkpoint SET note = replace(note, E'\\n10\\n', E'\\n11\\n') WHERE tenant = 'acme'")
      #expect(
        try await audit.faults() == [
          .checkpointUntrusted(size: 10, reason: NoteError.invalidSignature.description), .leavesAdded(6..<10),
        ])
    }
  }

  @Test("a log forged with another key", .database(from: Installation.template))
  func forged() async throws {
    try await AuditFixture.open { audit in
      try await audit.append(0..<3)
      let forger = AuditSealer(
        pool: audit.maintenance, environment: .live, key: .generate(), log: AuditFixture.log)
      try await audit.seal(with: forger)
      let report = try await audit.verify()
      guard case .checkpointUntrusted(size: 3, _)? = report.faults.first else {
        Issue.record("\(report)")
        return
      }
      // Without a key from outside nothing seems wrong, and the report says that it cannot be sure.
      let unpinned = try await audit.verifier(trusting: []).verify(audit.acme)
      #expect(unpinned.isIntact)
      #expect(unpinned.description.contains("--public-key"))
    }
  }

  @Test("a log that was cut, against a checkpoint that was kept", .database(from: Installation.template))
  func cut() async throws {
    try await sealed { audit in
      let kept = try Checkpoint(text: try #require(try await audit.verify().head).text)
      #expect(try await audit.verify(against: kept).isIntact)
      try await audit.tamper(
        "DELETE FROM audit_checkpoint WHERE tenant = 'acme' AND tree_size = 10",
        "DELETE FROM audit_entry e USING audit_leaf l WHERE e.seq = l.seq AND l.tenant = 'acme' AND l.leaf_index >= 6",
        "DELETE FROM audit_leaf WHERE tenant = 'acme' AND leaf_index >= 6")
      #expect(try await audit.faults() == [])
      #expect(try await audit.verify(against: kept).faults == [.cut(from: 10, to: 6)])
    }
  }

  @Test(
    "a log that was forged with its own key, against a checkpoint that was kept", .database(from: Installation.template)
  )
  func forgedWithKey() async throws {
    try await sealed { audit in
      let kept = try Checkpoint(text: try #require(try await audit.verify().head).text)
      try await audit.tamper(
        "DELETE FROM audit_checkpoint WHERE tenant = 'acme'", "DELETE FROM audit_leaf WHERE tenant = 'acme'",
        "UPDATE audit_entry SET content = replace(content, 'ana', 'eve') WHERE tenant = 'acme'",
        "UPDATE audit_entry SET leaf_hash = sha256('\\x00'::bytea || convert_to(content, 'UTF8')) WHERE tenant = 'acme'"
      )
      let sealer = AuditSealer(pool: audit.maintenance, environment: .live, key: audit.key, log: AuditFixture.log)
      try await audit.seal(with: sealer)
      #expect(try await audit.faults() == [])
      #expect(try await audit.verify(against: kept).faults == [.historyRewritten(size: 10)])
    }
  }

  @Test("entries that are not sealed yet are counted, and are no fault", .database(from: Installation.template))
  func unsealed() async throws {
    try await sealed { audit in
      try await audit.append(10..<14)
      let report = try await audit.verify()
      #expect(report.isIntact)
      #expect(report.unsealedCount == 4)
      #expect(report.description.contains("4 not sealed yet"))
    }
  }

  @Test("after a key was changed, both keys together verify", .database(from: Installation.template))
  func rotation() async throws {
    try await sealed { audit in
      let next = Ed25519PrivateKey.generate()
      try await audit.append(10..<12)
      let sealer = AuditSealer(pool: audit.maintenance, environment: .live, key: next, log: AuditFixture.log)
      #expect(try await audit.seal(with: sealer) == AuditSealer.Outcome(sealed: 2))
      #expect(
        try await audit.verifier(trusting: [audit.key.publicKey, next.publicKey]).verify(audit.acme).faults == [])
      #expect(try await audit.verify().isIntact == false)
    }
  }
}

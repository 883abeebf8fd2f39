import Crypto
import Domain
import Merkle
import Postgres
import Store

/// Recomputes the logs of an environment from their entries, page by page.
public struct AuditVerifier: Sendable {
  private let pool: PostgresPool
  private let environment: Domain.Environment
  private let trusted: [Ed25519PublicKey]

  /// - Parameter trusted: every key that has sealed. Without any, signatures are checked with the keys that the
  ///   checkpoints name, which proves less.
  public init(pool: PostgresPool, environment: Domain.Environment, trusted: [Ed25519PublicKey]) {
    self.pool = pool
    self.environment = environment
    self.trusted = trusted
  }

  public func tenants() async throws -> [TenantID] {
    try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
  }

  /// One snapshot, so that what is sealed meanwhile disturbs nothing.
  /// - Parameter kept: a checkpoint that was kept elsewhere, against which even a log that was cut or forged with its key
  ///   is found out.
  public func verify(_ tenant: TenantID, against kept: Checkpoint? = nil) async throws -> AuditReport {
    let environment = environment
    let trusted = trusted
    return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      try tx.enter(tenant)
      var check = AuditVerification(tenant: tenant, environment: environment, trusted: trusted, kept: kept)
      var leaves = LeafPages(tenant: tenant)
      var seals = try AuditSeals.list(tenant, after: 0, tx)
      while let last = seals.last {
        for seal in seals {
          while let leaf = try leaves.next(before: seal.size, tx) { check.take(leaf) }
          check.take(seal)
        }
        seals = try AuditSeals.list(tenant, after: last.size, tx)
      }
      while let leaf = try leaves.next(before: .max, tx) { check.take(leaf) }
      check.endLog()
      try AuditVerifier.findStrays(tenant, &check, tx)
      try AuditVerifier.findMissing(&check, tx)
      return check.report
    }
  }

  /// What was kept elsewhere. Where it came from is why it is believed: its signature is not needed.
  public static func keptCheckpoint(at path: String) throws -> Checkpoint {
    try Checkpoint(text: SignedNote(parsing: try AuditFile.text(path)).text)
  }

  private static func findStrays(_ tenant: TenantID, _ check: inout AuditVerification, _ tx: borrowing Transaction)
    throws
  {
    var position = AuditPosition.start
    while true {
      let page = try AuditReading.entries(tenant, after: position, tx)
      for entry in page {
        if let content = entry.contentWithoutLeaf { check.takeStray(entry.position, content: content) }
      }
      guard let last = page.last, page.count == AuditReading.pageRows else { return }
      position = last.position
    }
  }

  private static func findMissing(_ check: inout AuditVerification, _ tx: borrowing Transaction) throws {
    guard !check.missing.isEmpty else { return }
    _ = try tx.query("SELECT set_config('app.tenant', '', true)")
    check.resolveMissing(owners: try AuditReading.owners(of: check.missing.map(\.position), tx))
  }

  private struct LeafPages {
    let tenant: TenantID
    var page: ArraySlice<AuditReading.Leaf> = []
    var nextIndex: UInt64 = 0
    var isAtEnd = false

    mutating func next(before limit: UInt64, _ tx: borrowing Transaction) throws -> AuditReading.Leaf? {
      if page.isEmpty, !isAtEnd {
        page = try AuditReading.leaves(tenant, from: nextIndex, tx)[...]
        isAtEnd = page.count < AuditReading.pageRows
        if let last = page.last { nextIndex = last.index + 1 }
      }
      guard let first = page.first, first.index < limit else { return nil }
      return page.popFirst()
    }
  }
}

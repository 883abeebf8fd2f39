import Crypto
import Domain
import JSON
import Merkle
import Postgres
import Store

/// Writes exports, in one snapshot of the database.
public struct AuditExporter: Sendable {
  private let pool: PostgresPool
  private let environment: Domain.Environment

  public init(pool: PostgresPool, environment: Domain.Environment) {
    self.pool = pool
    self.environment = environment
  }

  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case nothingSealed(TenantID)
    case noEntries(UniqueID)
    case notIntact

    public var description: String {
      switch self {
      case .nothingSealed(let tenant): "\(tenant) has no sealed entries yet; 'pabean maintain' seals them"
      case .noEntries(let subject): "the tenant's log has no sealed entry of \(subject)"
      case .notIntact: "the log is not what was sealed, so that nothing can be proved from it: 'pabean audit verify'"
      }
    }
  }

  /// - Returns: the number of entries written.
  public func export(_ tenant: TenantID, subject: UniqueID?, to path: String) async throws -> Int {
    let environment = environment
    return try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      try tx.enter(tenant)
      guard let seal = try AuditSeals.last(tenant, tx), let frontier = seal.frontier else {
        throw Failure.nothingSealed(tenant)
      }
      var export = AuditExport(
        tenant: tenant, environment: environment, subject: subject, checkpoint: seal.note,
        publicKey: try Ed25519PublicKey(rawBytes: seal.publicKey), unsealedCount: 0, entries: [])
      guard let subject else { return try AuditExporter.writeAll(export, size: seal.size, to: path, tx) }
      let (sealed, unsealed) = try AuditReading.leaves(tenant, of: subject, before: seal.size, tx)
      guard !sealed.isEmpty else { throw Failure.noEntries(subject) }
      let proofs = try AuditExporter.proofs(tenant, of: sealed.map(\.index), in: frontier, tx)
      export.unsealedCount = unsealed
      export.entries = zip(sealed, proofs).map { AuditExport.Entry(index: $0.index, content: $0.content, proof: $1) }
      var file = try AuditFileWriter(path: path)
      try file.write(export.heading)
      for (number, entry) in export.entries.enumerated() { try file.write((number > 0 ? ",\n" : "") + entry.json.text) }
      try file.write(AuditExport.ending)
      try file.finish()
      return export.entries.count
    }
  }

  private static func proofs(
    _ tenant: TenantID, of indices: [UInt64], in signed: MerkleFrontier, _ tx: borrowing Transaction
  ) throws -> [[SHA256Digest]] {
    guard indices.allSatisfy({ $0 < signed.size }) else { throw Failure.notIntact }
    var builder = MerkleProofBuilder(indices.map { .inclusion(of: $0, in: signed.size) })
    while builder.frontier.size < signed.size {
      let hashes = try AuditReading.leafHashes(tenant, from: builder.frontier.size, tx)
      guard !hashes.isEmpty else { throw Failure.notIntact }
      for hash in hashes.prefix(Int(clamping: signed.size - builder.frontier.size)) { builder.append(leaf: hash) }
    }
    guard builder.frontier.root == signed.root, let proofs = builder.proofs() else { throw Failure.notIntact }
    return proofs
  }

  /// Page by page, because a whole log may be larger than memory.
  private static func writeAll(
    _ export: AuditExport, size: UInt64, to path: String, _ tx: borrowing Transaction
  ) throws -> Int {
    var file = try AuditFileWriter(path: path)
    try file.write(export.heading)
    var next: UInt64 = 0
    while next < size {
      let page = try AuditReading.leaves(export.tenant, from: next, tx)
      guard !page.isEmpty else { throw Failure.notIntact }
      for leaf in page where leaf.index < size {
        guard let entry = leaf.entry, leaf.index == next else { throw Failure.notIntact }
        let json = AuditExport.Entry(index: leaf.index, content: entry.content).json
        try file.write((next > 0 ? ",\n" : "") + json.text)
        next += 1
      }
      if next < (page.last?.index ?? 0) { break }
    }
    try file.write(AuditExport.ending)
    try file.finish()
    return Int(size)
  }
}

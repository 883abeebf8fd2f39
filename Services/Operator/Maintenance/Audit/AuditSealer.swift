import Crypto
import Domain
import Merkle
import Observability
import Postgres
import Store
import Synchronization
import WorkerRuntime

/// Puts new entries into their tenants' logs and signs what the logs then are. Any number may run: a log is sealed by
/// one at a time, and each seal goes on from the one before.
public final class AuditSealer: Sendable {
  private let pool: PostgresPool
  private let environment: Domain.Environment
  private let key: Ed25519PrivateKey
  private let log: Log
  /// The latest that this process has signed or seen: a log that is shorter now was cut.
  private let known = Mutex<[TenantID: Checkpoint]>([:])

  public init(pool: PostgresPool, environment: Domain.Environment, key: Ed25519PrivateKey, log: Log) {
    self.pool = pool
    self.environment = environment
    self.key = key
    self.log = log
  }

  public struct Outcome: Sendable, Equatable {
    public var sealed = 0
    /// Logs in which something is wrong, and which are left as they are.
    public var refused: [TenantID] = []
  }

  public func sealAll() async throws -> Outcome {
    let pending = try await pool.transaction(readOnly: true) { tx in try AuditSeals.pending(tx) }
    var outcome = Outcome()
    for log in pending {
      do throws(SealRefusal) {
        if log.transactionsWentBack { throw .transactionsWentBack }
        outcome.sealed += try await seal(log.tenant)
      } catch {
        refuse(log.tenant, error)
        outcome.refused.append(log.tenant)
      }
    }
    return outcome
  }

  /// All that can be sealed now.
  func seal(_ tenant: TenantID) async throws(SealRefusal) -> Int {
    var total = 0
    while !Task.isCancelled {
      guard let sealed = try await sealBatch(tenant) else { break }
      total += sealed
      if sealed < AuditSeals.batchMax { break }
    }
    return total
  }

  private func refuse(_ tenant: TenantID, _ refusal: SealRefusal) {
    log.critical(
      "the audit log is not sealed",
      ["tenant": .string(tenant.slug), "reason": .string(refusal.description)])
  }

  /// - Returns: nil when another process has the log.
  private func sealBatch(_ tenant: TenantID) async throws(SealRefusal) -> Int? {
    let origin = AuditLog.origin(of: tenant, in: environment)
    let key = key
    let remembered = known.withLock { $0[tenant] }
    let now = SystemClock.now()
    let result: Result<(Int, Checkpoint)?, any Error>
    do {
      let sealed = try await pool.transaction(as: tenant) { tx -> (Int, Checkpoint)? in
        guard try AuditSeals.hold(tenant, tx) else { return nil }
        var (tree, position) = try AuditSealer.resume(tenant, origin, after: remembered, tx)
        let leaves = try AuditSeals.appendLeaves(
          after: position, from: tree.size, tx)
        for leaf in leaves { tree.append(leaf: leaf) }
        let checkpoint = Checkpoint(origin: origin, size: tree.size, root: tree.root)
        if leaves.isEmpty { return (0, checkpoint) }
        try AuditSeals.append(
          AuditSeals.Seal(
            frontier: tree, note: checkpoint.signed(with: key), publicKey: key.publicKey, sealedAt: now), tx)
        return (leaves.count, checkpoint)
      }
      result = .success(sealed)
    } catch {
      result = .failure(error)
    }
    switch result {
    case .success(nil): return nil
    case .success(let (count, checkpoint)?):
      known.withLock { $0[tenant] = checkpoint }
      return count
    case .failure(let refusal as SealRefusal): throw refusal
    case .failure(let error): throw .failed("\(error)")
    }
  }

  /// The tree to append to. It is believed only if it is the one that was signed.
  private static func resume(
    _ tenant: TenantID, _ origin: String, after remembered: Checkpoint?, _ tx: borrowing Transaction
  ) throws -> (MerkleFrontier, AuditPosition) {
    let last = try AuditSeals.last(tenant, tx)
    let leaf = try AuditSeals.lastLeaf(tenant, tx)
    let size = last?.size ?? 0
    if let remembered, size < remembered.size { throw SealRefusal.cut(from: remembered.size, to: size) }
    guard (leaf.map { $0.index + 1 } ?? 0) == size else { throw SealRefusal.leavesWithoutSeal(size: size) }
    guard let last, let leaf else { return (MerkleFrontier(), .start) }
    guard let tree = last.frontier, isSigned(last, tree, origin) else { throw SealRefusal.altered(size: size) }
    if let remembered, remembered.size == size, remembered.root != tree.root { throw SealRefusal.altered(size: size) }
    return (tree, leaf.position)
  }

  private static func isSigned(_ seal: AuditSeals.Seal, _ tree: MerkleFrontier, _ origin: String) -> Bool {
    guard let key = try? Ed25519PublicKey(rawBytes: seal.publicKey), let note = try? SignedNote(parsing: seal.note),
      let checkpoint = try? Checkpoint.open(note, origin: origin, keys: [key])
    else { return false }
    return checkpoint.size == tree.size && checkpoint.root == tree.root
  }
}

/// Why a log is not sealed. To sign on would hide what happened to it.
public enum SealRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case transactionsWentBack
  case cut(from: UInt64, to: UInt64)
  case leavesWithoutSeal(size: UInt64)
  case altered(size: UInt64)
  case failed(String)

  public var description: String {
    switch self {
    case .transactionsWentBack:
      "the server's transaction numbers are lower than those of sealed entries, as after loading a dump into a new "
        + "server: restore a physical backup, or raise the numbers with pg_resetwal"
    case .cut(let from, let to): "it had \(from) sealed entries and has \(to): run 'pabean audit verify'"
    case .leavesWithoutSeal(let size):
      "its leaves do not end where its last checkpoint does, at \(size): run 'pabean audit verify'"
    case .altered(let size): "its checkpoint at \(size) is not what was signed: run 'pabean audit verify'"
    case .failed(let reason): reason
    }
  }
}

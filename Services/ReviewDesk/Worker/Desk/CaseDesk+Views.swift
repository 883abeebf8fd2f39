import Domain
import Postgres
import ReviewDeskEngine
import Store

/// The views of the queue that people keep.
extension CaseDesk {
  func views(of principal: Principal) async throws -> [QueueViews.View] {
    try await pool.transaction(as: principal, readOnly: true) { tx in try QueueViews.list(of: principal.actor, tx) }
  }

  func keep(_ view: QueueViews.View, of principal: Principal) async throws {
    let isKept = try await pool.transaction(as: principal) { tx in try QueueViews.save(view, of: principal.actor, tx) }
    guard isKept else {
      throw Refusal(.conflict, "You keep \(QueueViews.countMax) views already. Drop one first.")
    }
  }

  func rename(_ name: String, to newName: String, of principal: Principal) async throws {
    let isRenamed = try await pool.transaction(as: principal) { tx in
      try QueueViews.rename(name, to: newName, of: principal.actor, tx)
    }
    guard isRenamed else {
      throw Refusal(.conflict, "There is no view of that name any more, or another has the new name.")
    }
  }

  func drop(_ name: String, of principal: Principal) async throws -> Bool {
    try await pool.transaction(as: principal) { tx in try QueueViews.delete(name, of: principal.actor, tx) }
  }
}

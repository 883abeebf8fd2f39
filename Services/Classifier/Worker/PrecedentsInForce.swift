import ClassifierEngine
import Domain
import Postgres
import Store
import Synchronization

/// Each tenant's precedents as they stand now: what changed since the last batch is read at each, so that a decision counts
/// for the next product.
final class PrecedentsInForce: Sendable {
  private struct Held {
    var index: PrecedentIndex
    var mark = Precedents.Mark.beginning
    var lastUse: UInt64 = 0
  }

  private struct State {
    var held: [TenantID: Held] = [:]
    var uses: UInt64 = 0

    mutating func forgetIdle(beyond most: Int) {
      while held.count > 1, held.values.reduce(0, { $0 + $1.index.count }) > most,
        let idle = held.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        held[idle.key] = nil
      }
    }
  }

  private let empty: PrecedentIndex
  private let state = Mutex(State())

  /// About a kilobyte each; beyond them, whoever was served longest ago is read again when needed.
  private static let most = 200_000

  init(_ model: ClassificationModel) { empty = PrecedentIndex(model) }

  func index(of tenant: TenantID, _ tx: borrowing Transaction) throws -> PrecedentIndex {
    let mark = state.withLock { $0.held[tenant]?.mark ?? .beginning }
    let changes = try Precedents.changes(since: mark, tx)
    return state.withLock { state in
      state.uses += 1
      var held = state.held.removeValue(forKey: tenant) ?? Held(index: empty)
      for id in changes.withdrawn { held.index.remove(id) }
      for precedent in changes.standing { held.index.add(precedent) }
      held.mark = changes.mark
      held.lastUse = state.uses
      state.held[tenant] = held
      state.forgetIdle(beyond: PrecedentsInForce.most)
      return held.index
    }
  }
}

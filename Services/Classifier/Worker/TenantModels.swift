import ClassifierEngine
import Domain
import Observability
import Postgres
import Store
import Synchronization

/// The models that tenants have trained. Which is in force is asked for with each batch; another is built aside while the
/// one before goes on answering, so that a worker neither restarts nor stops for it.
final class TenantModels: Sendable {
  private struct Key: Hashable {
    var tenant: TenantID
    var role: ClassifierModels.Role
  }

  struct Built: Sendable {
    var number: Int64
    var model: ClassificationModel
  }

  private struct State {
    var built: [Key: Built] = [:]
    /// Being built, or found to be impossible.
    var begun: [Key: Int64] = [:]
  }

  struct Pair: Sendable {
    /// The knowledge alone where no model is in force.
    var champion: ClassificationModel
    var challenger: Built?
  }

  private let base: ClassificationModel
  private let log: Log
  private let state = Mutex(State())

  init(_ base: ClassificationModel, log: Log) {
    self.base = base
    self.log = log
  }

  func models(of tenant: TenantID, _ tx: borrowing Transaction) throws -> Pair {
    let inForce = try ClassifierModels.inForce(tx)
    let champion = try built(Key(tenant: tenant, role: .champion), inForce[.champion], tx)
    let challenger = try built(Key(tenant: tenant, role: .challenger), inForce[.challenger], tx)
    return Pair(champion: champion?.model ?? base, challenger: challenger)
  }

  private func built(_ key: Key, _ number: Int64?, _ tx: borrowing Transaction) throws -> Built? {
    guard let number else {
      state.withLock { state in
        state.built[key] = nil
        state.begun[key] = nil
      }
      return nil
    }
    let (known, mustBegin) = state.withLock { state in
      let known = state.built[key]
      let mustBegin = known?.number != number && state.begun[key] != number
      if mustBegin { state.begun[key] = number }
      return (known, mustBegin)
    }
    if mustBegin { try begin(key, number, tx) }
    return known
  }

  private func begin(_ key: Key, _ number: Int64, _ tx: borrowing Transaction) throws {
    guard let recipe = try ClassifierModels.recipe(number, tx) else { return }
    let lessons = try Precedents.load(recipe.precedents, tx)
    Task.detached(priority: .utility) { [self] in
      let training = TenantTraining(lessons: lessons)
      // What the record names is what is built, or nothing is.
      guard training.contentHash == recipe.contentHash else {
        log.error(
          "a tenant's model does not have the content it was recorded with",
          ["tenant": .string(key.tenant.slug), "number": .integer(number)])
        return
      }
      let model = training.model(on: base)
      state.withLock { state in
        if state.begun[key] == number { state.built[key] = Built(number: number, model: model) }
      }
      log.notice(
        "a tenant's model is in use",
        [
          "tenant": .string(key.tenant.slug), "role": .string(key.role.rawValue), "number": .integer(number),
          "model": .string(model.version),
        ])
    }
  }
}

import ClassifierEngine
import ComplianceScreeningEngine
import Domain
import Postgres
import ReviewDeskEngine
import Store

/// The codes, and what a version would change: on the thread of what takes long.
extension Replayer {
  func codes(matching query: String, limit: Int) throws -> [CodeSummary] {
    let catalogue = try catalogue()
    return query.isEmpty ? catalogue.chapters : catalogue.search(query, limit: limit)
  }

  func code(_ code: HSCode) throws -> CodeEntry? { try catalogue().entry(code) }

  func subheadings() throws -> Set<String> { try catalogue().subheadings }

  /// Decides the latest cases by what is in force and by this version of the policy or own rules.
  nonisolated func simulate(
    _ number: Int64, of kind: RulesKind, last: Int, for principal: Principal, on date: CalendarDate
  ) async throws -> SimulationResult {
    let trial = try await pool.transaction(as: principal, isolation: .repeatableRead, readOnly: true) { tx in
      guard let inForce = try controls.controls(of: principal.tenant, tx) else {
        throw Refusal(.conflict, "No policy is in force, so that there is nothing to compare with.")
      }
      guard let content = try RulesDesk.content(number, of: kind, tx) else { throw NoSuchCase() }
      let ids = try Trail.latestCases(Int64(last), tx)
      return Trial(
        subjects: try Trial.subjects(ids, tx), inForce: Trial.controls(inForce, nil, number),
        proposed: Trial.controls(inForce, content, number))
    }
    return await run(trial, on: date)
  }

  private func run(_ trial: Trial, on date: CalendarDate) -> SimulationResult {
    SimulationResult(Simulation(trial.subjects, inForce: trial.inForce, proposed: trial.proposed, on: date))
  }
}

/// The cases, and the two ways to decide them.
private struct Trial: Sendable {
  var subjects: [Simulation.Subject]
  var inForce: Simulation.Controls
  var proposed: Simulation.Controls

  static func controls(
    _ inForce: ControlsInForce.Controls, _ content: RulesDraft.Content?, _ number: Int64
  ) -> Simulation.Controls {
    var controls = Simulation.Controls(
      screener: inForce.screener, policy: inForce.policy.policy, policyVersion: inForce.policy.version,
      ownRules: inForce.ownRules)
    switch content {
    case .policy(let policy): (controls.policy, controls.policyVersion) = (policy, number)
    case .ownRules(let rules): controls.ownRules = OwnRuleBook(rules, version: number)
    case nil: break
    }
    return controls
  }

  static func subjects(_ ids: [CaseID], _ tx: borrowing Transaction) throws -> [Simulation.Subject] {
    let cases = try CaseStore.load(ids, tx)
    let classifications = try ClassificationStore.latest(ids, tx)
    let familiarity = try FirstCases.familiarity(of: cases, tx)
    return ids.compactMap { id in
      guard let stored = cases[id], let classification = classifications[id] else { return nil }
      return Simulation.Subject(
        caseID: id, product: stored.product, market: stored.market, classification: classification,
        familiarity: familiarity[id] ?? .unknown)
    }
  }
}

extension SimulationResult {
  fileprivate init(_ simulation: Simulation) {
    let (before, after) = (simulation.before, simulation.after)
    func percent(_ totals: Simulation.Totals) -> Phrase {
      Share(Int64(totals.lanes[.auto, default: 0]), of: Int64(simulation.count)).percent
    }
    var rows = [Row(what: "cleared by itself", before: percent(before), after: percent(after))]
    func add(_ what: Phrase, _ old: Int, _ new: Int) {
      if old != 0 || new != 0 { rows.append(Row(what: what, before: "\(old)", after: "\(new)")) }
    }
    for lane in Lane.allCases {
      add("lane \(lane.phrase)", before.lanes[lane, default: 0], after.lanes[lane, default: 0])
    }
    for role in ReviewerRole.allCases {
      add("cases for \(role.phrase)", before.workload[role, default: 0], after.workload[role, default: 0])
    }
    for rule in Set(before.rules.keys).union(after.rules.keys).sorted() where before.rules[rule] != after.rules[rule] {
      add("finding \(rule)", before.rules[rule, default: 0], after.rules[rule, default: 0])
    }
    self.init(
      count: simulation.count, changed: simulation.changes.count,
      moved: simulation.changes.count { $0.before.lane != $0.after.lane }, rows: rows,
      changes: simulation.changes.prefix(SimulationResult.changesShown).map { change in
        let added = change.after.reasons.first { !change.before.reasons.contains($0) }
        return Change(
          caseID: change.subject.caseID, sku: change.subject.product.sku, market: change.subject.market,
          before: change.before.lane, after: change.after.lane, why: added ?? change.after.reasons.first ?? "")
      })
  }
}

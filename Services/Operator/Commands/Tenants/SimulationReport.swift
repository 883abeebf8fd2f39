import ComplianceScreeningEngine
import Domain
import JSON

struct SimulationReport {
  private static let changesShown = 20

  var simulation: Simulation

  func text(_ console: Console, _ tenant: TenantID) -> String {
    guard simulation.count > 0 else { return "\(tenant) has no classified cases to try it on.\n" }
    let changed = simulation.changes.count
    var text = "\(simulation.count) cases of \(tenant), \(changed) of which would be decided differently.\n\n"
    text += totals(console)
    guard changed > 0 else { return text }
    text += "\n" + changes(console)
    if changed > SimulationReport.changesShown {
      text += "  and \(changed - SimulationReport.changesShown) more; --json shows all.\n"
    }
    return text
  }

  private func totals(_ console: Console) -> String {
    let (before, after) = (simulation.before, simulation.after)
    var table = TextTable([
      TextTable.Column(""), TextTable.Column("in force", .right), TextTable.Column("proposed", .right),
      TextTable.Column("difference", .right),
    ])
    func add(_ name: String, _ old: Int, _ new: Int) {
      table.add(name, "\(old)", "\(new)", old == new ? "" : new > old ? "+\(new - old)" : "\(new - old)")
    }
    table.add(
      "cleared by itself", Share(simulation.share(.auto, before)).percent,
      Share(simulation.share(.auto, after)).percent, "")
    for lane in Lane.allCases {
      add("lane \(lane.rawValue)", before.lanes[lane, default: 0], after.lanes[lane, default: 0])
    }
    for role in ReviewerRole.allCases where before.workload[role] != nil || after.workload[role] != nil {
      add("cases for \(role.rawValue)", before.workload[role, default: 0], after.workload[role, default: 0])
    }
    for rule in Set(before.rules.keys).union(after.rules.keys).sorted() where before.rules[rule] != after.rules[rule] {
      add("finding \(rule)", before.rules[rule, default: 0], after.rules[rule, default: 0])
    }
    for currency in Set(before.landed.keys).union(after.landed.keys).sorted(by: { $0.code < $1.code }) {
      let (old, new) = (before.landed[currency, default: 0], after.landed[currency, default: 0])
      table.add("duty and taxes, \(currency)", "\(old)", "\(new)", old == new ? "" : "\(new - old)")
    }
    add("duty unknown", before.unknownDuties, after.unknownDuties)
    return table.text(console)
  }

  private func changes(_ console: Console) -> String {
    var table = TextTable([
      TextTable.Column("sku", max: 24), TextTable.Column("market"), TextTable.Column("in force"),
      TextTable.Column("proposed"), TextTable.Column("why"),
    ])
    for change in simulation.changes.prefix(SimulationReport.changesShown) {
      let added = change.after.reasons.filter { !change.before.reasons.contains($0) }
      table.add(
        change.subject.product.sku, change.subject.market.code, change.before.lane.rawValue,
        change.after.lane.rawValue, added.first ?? change.after.reasons.first ?? "")
    }
    return table.text(console)
  }

  var json: JSONValue {
    [
      "cases": .integer(Int64(simulation.count)), "changed": .integer(Int64(simulation.changes.count)),
      "inForce": totals(simulation.before), "proposed": totals(simulation.after),
      "changes": .array(
        simulation.changes.map { change in
          [
            "case": .string(change.subject.caseID.description), "sku": .string(change.subject.product.sku),
            "market": change.subject.market.json, "inForce": outcome(change.before), "proposed": outcome(change.after),
          ]
        }),
    ]
  }

  private func totals(_ totals: Simulation.Totals) -> JSONValue {
    func counts(_ pairs: [(String, Int)]) -> JSONValue {
      .object(JSONObject(pairs.sorted { $0.0 < $1.0 }.map { ($0.0, .integer(Int64($0.1))) }))
    }
    return [
      "lanes": counts(Lane.allCases.map { ($0.rawValue, totals.lanes[$0, default: 0]) }),
      "workload": counts(totals.workload.map { ($0.key.rawValue, $0.value) }),
      "findings": counts(totals.rules.map { ($0.key, $0.value) }),
      "dutyAndTaxes": .object(
        JSONObject(totals.landed.sorted { $0.key.code < $1.key.code }.map { ($0.key.code, .string("\($0.value)")) })),
      "dutyUnknown": .integer(Int64(totals.unknownDuties)),
    ]
  }

  private func outcome(_ outcome: Simulation.Outcome) -> JSONValue {
    [
      "lane": .string(outcome.lane.rawValue), "roles": .list(outcome.roles), "reasons": .strings(outcome.reasons),
      "findings": .strings(outcome.rules.sorted()),
      "dutyAndTaxes": outcome.landed?.json ?? .null,
    ]
  }
}

import ComplianceScreeningEngine
import Domain
import PartyLists
import Postgres
import Store
import Synchronization

/// The rules that ask for what only a shipment can say, its quantity, value and kind. Read again when an activation changes
/// them.
final class ShipmentRules: Sendable {
  private struct State {
    var generation: Int64 = -1
    var screener = ShipmentRules.screener([])
  }

  let ownRules = OwnRulesInForce()
  private let state = Mutex(State())

  /// Parties are asked elsewhere, and origins were when the cases were decided.
  private static func screener(_ packs: [MarketPack]) -> Screener {
    Screener(packs: packs, parties: PartyScreen(lists: []), embargo: Embargo(version: "none", entries: []))
  }

  func refresh(_ tx: borrowing Transaction) throws {
    let generation = try MarketPackStore.generation(tx)
    guard state.withLock({ $0.generation }) != generation else { return }
    let screener = ShipmentRules.screener(try MarketPackStore.inForce(tx))
    state.withLock { state in
      state.generation = generation
      state.screener = screener
    }
  }

  /// Why the shipment may not go as it is, the first line first; nil when nothing keeps it.
  func hold(_ ready: ReadyShipment, _ ownRules: OwnRuleBook?, on date: CalendarDate) -> String? {
    let screener = state.withLock { $0.screener }
    for line in ready.lines.sorted(by: { $0.number < $1.number }) {
      guard let decided = line.caseID.flatMap({ ready.cases[$0] }), let code = decided.decision.code else { continue }
      let findings = screener.screen(
        ready.product(line, decided), in: ready.stored.shipment.consignment(of: line.sku), market: line.market,
        classification: Classification(
          candidates: [Candidate(code: code, title: "", confidence: Confidence(1))], isTooVague: false,
          modelVersion: decided.classification.modelVersion, supplied: decided.classification.supplied), on: date,
        ownRules: ownRules)
      let blocking = findings.filter(\.blocksClearance).max { $0.effect < $1.effect }
      if let blocking { return ShipmentRules.reason(blocking, line: line.number) }
    }
    return nil
  }

  private static func reason(_ finding: Finding, line: Int) -> String {
    let other = finding.reroute.map { reroute in
      let ways = [reroute.market.map { "to \($0)" }, reroute.mode.map { "by \($0)" }].compactMap(\.self)
      return " Another way\(ways.isEmpty ? "" : " (\(ways.joined(separator: ", ")))"): \(reroute.text)"
    }
    return "/lines/\(line): \(finding.summary)\(other ?? "") (\(finding.ruleID))"
  }
}

extension ReadyShipment {
  /// The product as this shipment sells it: at the line's price and from the line's origin.
  fileprivate func product(_ line: StoredLine, _ decided: DecidedCase) -> Product {
    var product = decided.stored.product
    guard let sold = stored.shipment.lines.first(where: { $0.number == line.number }) else { return product }
    product.unitValue = sold.unitPrice
    product.origin = sold.origin ?? product.origin
    return product
  }
}

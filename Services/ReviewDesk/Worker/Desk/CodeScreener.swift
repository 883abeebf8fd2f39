import ComplianceScreeningEngine
import Domain
import JSON
import Postgres
import ReviewDeskEngine
import Store

/// Screens a code that a person wants and the stages did not screen, against the market's pack in force. Parties and origin
/// do not depend on the code: what was found about them stands as it is.
struct CodeScreener {
  private let file: CaseFile

  init(_ file: CaseFile) { self.file = file }

  /// nil when there is nothing to screen, or nothing to screen with.
  func screen(_ request: DecisionRequest, on date: CalendarDate, _ tx: borrowing Transaction) throws -> CodeScreening? {
    guard let code = request.code, !file.isScreened(code) else { return nil }
    switch request.action {
    case .override: break
    // What is no candidate is refused as such.
    case .approve where file.classification?.candidates.contains { $0.code == code } == true: break
    default: return nil
    }
    let packs = try MarketPackStore.active(tx).filter { $0.market == file.market }
      .map { try MarketPack(json: JSONCursor($0.content)) }
    guard !packs.isEmpty else { return nil }
    let screener = Screener(
      packs: packs, parties: PartyScreen(lists: []), embargo: Embargo(version: "none", entries: []))
    let ownRules = try OwnRulesStore.active(tx).map { OwnRuleBook($0.rules, version: $0.version) }
    let screening = screener.screen(
      file.product, market: file.market, classification: classification(putting: code), on: date, ownRules: ownRules)
    return CodeScreening(code: code, findings: screening.findings, packVersion: screening.packVersion)
  }

  private func classification(putting code: HSCode) -> Classification {
    let chosen = Candidate(code: code, title: code.dotted, confidence: Confidence(1))
    let others = (file.classification?.candidates ?? []).filter { $0.code != code }
    return Classification(
      candidates: [chosen] + others, isTooVague: file.classification?.isTooVague ?? false,
      modelVersion: file.classification?.modelVersion ?? "")
  }
}

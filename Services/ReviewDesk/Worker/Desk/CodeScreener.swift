import ComplianceScreeningEngine
import Domain
import PartyLists
import Postgres
import ReviewDeskEngine
import Store

/// Screens a code that a person wants and the stages did not screen, against the market's pack in force. Parties and origin
/// do not depend on the code: what was found about them stands as it is.
struct CodeScreener {
  private let file: CaseFile
  private let controls: ControlsInForce

  init(_ file: CaseFile, _ controls: ControlsInForce) {
    self.file = file
    self.controls = controls
  }

  /// nil when there is nothing to screen, or nothing to screen with.
  func screen(
    _ request: DecisionRequest, of stored: StoredCase, on date: CalendarDate, _ tx: borrowing Transaction
  ) throws -> CodeScreening? {
    guard let code = wantedCode(request) else { return nil }
    let elsewhere = try MarketMatrixStore.elsewhere([stored], tx)[stored.id] ?? []
    guard !file.isScreened(code) else { return decidedOtherwiseSince(code, elsewhere) }
    switch request.action {
    case .override: break
    // What is no candidate is refused as such.
    case .approve where file.classification?.candidates.contains { $0.code == code } == true: break
    default: return nil
    }
    let packs = try controls.packs(tx).filter { $0.market == file.market }
    guard !packs.isEmpty else { return nil }
    let screener = Screener(
      packs: packs, parties: PartyScreen(lists: []), embargo: Embargo(version: "none", entries: []),
      tariffs: try controls.tariffs.library(tx), rulings: controls.rulings)
    let ownRules = try OwnRulesStore.active(tx).map { OwnRuleBook($0.rules, version: $0.version) }
    let screening = screener.screen(
      file.product, market: file.market, classification: classification(putting: code), on: date,
      duty: try PolicyStore.active(tx)?.policy.duty ?? .standard, ownRules: ownRules, elsewhere: elsewhere)
    return CodeScreening(code: code, findings: screening.findings, packVersion: screening.packVersion)
  }

  /// The code that would hold; nil where none would.
  private func wantedCode(_ request: DecisionRequest) -> HSCode? {
    switch request.action {
    case .override: request.code
    case .approve: request.code ?? file.classification?.best?.code
    default: nil
    }
  }

  /// Another market may have been decided since this one was screened.
  private func decidedOtherwiseSince(_ code: HSCode, _ elsewhere: [ChosenCode]) -> CodeScreening? {
    let decided = elsewhere.filter(\.isDecided)
    guard let finding = Screener.codesDiffer(code, decided), let known = file.screening,
      !known.findings.contains(where: { $0.ruleID == finding.ruleID })
    else { return nil }
    return CodeScreening(code: code, findings: [finding], packVersion: known.packVersion)
  }

  private func classification(putting code: HSCode) -> Classification {
    let chosen = Candidate(code: code, title: code.dotted, confidence: Confidence(1))
    let others = (file.classification?.candidates ?? []).filter { $0.code != code }
    return Classification(
      candidates: [chosen] + others, isTooVague: file.classification?.isTooVague ?? false,
      modelVersion: file.classification?.modelVersion ?? "", supplied: file.classification?.supplied)
  }
}

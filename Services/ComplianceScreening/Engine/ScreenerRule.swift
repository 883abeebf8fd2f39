import Domain

/// The controls that hold in every market and are part of the engine, with the ids their findings carry.
enum ScreenerRule: String {
  case noPack = "engine/no-market-pack"
  case packNotYetValid = "engine/market-pack-not-yet-valid"
  case packOverdue = "engine/market-pack-review-overdue"
  case noCandidate = "engine/no-candidate-code"
  case missingField = "engine/missing-field"
  case codeBecameSeveral = "engine/supplied-code-became-several"
  case codeDisagrees = "engine/supplied-code-disagrees"
  case implausibleValue = "engine/implausible-value"
  case implausibleWeight = "engine/implausible-weight"
  case dutyUnknown = "engine/duty-not-known"
  case dutyDiffers = "engine/duty-differs-between-candidates"
  case tariffChanged = "engine/tariff-changed"
  case dutyUnusual = "engine/duty-unlike-history"
  case rateOutOfDate = "engine/rate-out-of-date"
  case rateUnconfirmed = "engine/rate-not-confirmed"
  case nationalDigits = "engine/national-digits-to-be-confirmed"
  case embargo = "engine/embargoed-origin"
  case embargoedDestination = "engine/embargoed-destination"
  case deniedParty = "engine/denied-party"
  case staleList = "engine/stale-list"
  case missingList = "engine/missing-list"
  case codesDiffer = "engine/codes-differ"
  case rulingsDisagree = "engine/rulings-disagree"

  func finding(
    _ effect: Finding.Effect, _ summary: String, _ observed: [Observation] = [], source: RuleSource? = nil,
    roles: [ReviewerRole] = [.broker]
  ) -> Finding {
    Finding(
      ruleID: rawValue, ruleVersion: Screener.currentVersion, effect: effect, summary: summary, observed: observed,
      source: source, roles: roles)
  }
}

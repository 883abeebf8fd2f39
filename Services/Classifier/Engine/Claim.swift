/// What is claimed of an answer, each with a probability of its own.
enum Claim: String, CaseIterable, Sendable {
  case code, heading, chapter, amongTwo, amongThree, amongFive

  func holds(_ trial: Trial) -> Bool {
    func isAmong(_ count: Int) -> Bool { trial.rank.map { $0 < count } ?? false }
    return switch self {
    case .code: trial.isRight
    case .heading: trial.sharedDigits >= 4
    case .chapter: trial.sharedDigits >= 2
    case .amongTwo: isAmong(2)
    case .amongThree: isAmong(3)
    case .amongFive: isAmong(5)
    }
  }
}

/// The log-odds of each claim.
struct Claims: Sendable, Hashable {
  private var values: [Double]

  init(_ value: (Claim) -> Double) { values = Claim.allCases.map(value) }

  subscript(_ claim: Claim) -> Double { values[Claim.allCases.firstIndex(of: claim)!] }

  func probability(_ claim: Claim) -> Double { sigmoid(self[claim]) }
}

/// The probability of each claim from what a ranking looks like.
struct ClaimModel: Sendable, Hashable {
  /// In the order of the claims.
  let regressions: [LogisticRegression]

  init(_ regressions: [LogisticRegression]) { self.regressions = regressions }

  init(fitting trials: [Trial], width: Int) {
    regressions = Claim.allCases.map { claim in
      LogisticRegression(
        fitting: trials.map { .init(inputs: $0.inputs, isRight: claim.holds($0), weight: $0.weight) }, width: width)
    }
  }

  func claims(_ inputs: [Double]) -> Claims {
    Claims { regressions[Claim.allCases.firstIndex(of: $0)!].logOdds(inputs) }
  }
}

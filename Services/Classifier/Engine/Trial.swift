import Domain

/// A ranking given for a text of known code by a model that had not seen it.
struct Trial: Sendable {
  var inputs: [Double]
  /// How many digits the first code shares with the true one: 0, 2, 4 or 6.
  var sharedDigits: Int
  /// Where the true code stands in the ranking, if it does.
  var rank: Int?
  var weight: Double

  init(inputs: [Double], ranked: [HSCode], truth: HSCode, weight: Double) {
    self.inputs = inputs
    self.weight = weight
    let first = ranked.first
    sharedDigits = [6, 4, 2].first { first?.digits.prefix($0) == truth.digits.prefix($0) } ?? 0
    rank = ranked.firstIndex { $0.subheading == truth.subheading }
  }

  var isRight: Bool { sharedDigits == 6 }
}

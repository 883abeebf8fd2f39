import Domain

/// The code the seller gave: a witness, not a judge. It tips close calls and is named where it disagrees.
struct SuppliedCode {
  private let code: HSCode?

  init(_ code: HSCode?) { self.code = code }

  func add(to scores: inout [Float], codes: [HSCode]) {
    guard let code else { return }
    for place in codes.indices where codes[place].heading == code.heading {
      scores[place] += codes[place].subheading == code.subheading ? 2 : 0.7
    }
  }

  /// What its agreement with the first candidate does to the log-odds. Two who agree without having asked each other are
  /// seldom wrong in the same way: sellers' codes are right some seven times in ten, and one that is wrong names our own
  /// wrong candidate one time in ten, which is a factor of seven.
  func logOdds(first: HSCode, isKnown: (HSCode) -> Bool) -> Double {
    guard let code else { return 0 }
    if code.subheading == first.subheading { return 1.95 }
    if !isKnown(code) { return -1 }
    return code.heading == first.heading ? -0.3 : -0.8
  }

  func evidence(_ topic: HSCode) -> ClassificationEvidence? {
    guard let code else { return nil }
    let text =
      if code.subheading == topic.subheading {
        "The supplied code \(code.dotted) agrees"
      } else if code.heading == topic.heading {
        "The supplied code \(code.dotted) agrees on the heading \(code.heading) only"
      } else if code.chapter == topic.chapter {
        "The supplied code \(code.dotted) agrees on the chapter \(code.chapter) only"
      } else {
        "The supplied code \(code.dotted) disagrees"
      }
    return ClassificationEvidence(kind: .suppliedCode, text: text, reference: code.digits)
  }
}

import Domain

/// The code the seller gave: a witness, not a judge. It tips close calls and is named where it disagrees. One of another
/// edition of the Harmonised System counts as what it became.
struct SuppliedCode {
  private let given: HSCode?
  /// nil where the code is one of the edition in force, or of none.
  let conversion: HSConversion?
  /// Several where the code that was given became several.
  private let codes: [HSCode]

  init(_ code: HSCode?, editions: HSEditions? = nil) {
    given = code
    conversion = code.flatMap { editions?.reading(of: $0) }
    codes = conversion?.codes ?? code.map { [$0] } ?? []
  }

  func add(to scores: inout [Float], codes places: [HSCode]) {
    guard !codes.isEmpty else { return }
    let headings = codes.map(\.heading)
    let subheadings = codes.map(\.subheading)
    for place in places.indices where headings.contains(places[place].heading) {
      scores[place] += subheadings.contains(places[place].subheading) ? 2 : 0.7
    }
  }

  /// What its agreement with the first candidate does to the log-odds. Two who agree without having asked each other are
  /// seldom wrong in the same way: sellers' codes are right some seven times in ten, and one that is wrong names our own
  /// wrong candidate one time in ten, which is a factor of seven. A code that became several says nothing for one of them.
  func logOdds(first: HSCode, isKnown: (HSCode) -> Bool) -> Double {
    guard !codes.isEmpty else { return 0 }
    if codes.contains(where: { $0.subheading == first.subheading }) { return codes.count == 1 ? 1.95 : 0 }
    if !codes.contains(where: isKnown) { return -1 }
    return codes.contains { $0.heading == first.heading } ? -0.3 : -0.8
  }

  func evidence(_ topic: HSCode) -> ClassificationEvidence? {
    guard let given else { return nil }
    return ClassificationEvidence(
      kind: .suppliedCode, text: "The supplied code \(given.dotted) \(became)\(agreement(topic))",
      reference: given.digits)
  }

  private var became: String {
    guard let conversion else { return "" }
    return "of \(conversion.from), which became \(codes.map(\.dotted).joined(separator: " or ")), "
  }

  private func agreement(_ topic: HSCode) -> String {
    if codes.contains(where: { $0.subheading == topic.subheading }) { return "agrees" }
    if codes.contains(where: { $0.heading == topic.heading }) { return "agrees on the heading \(topic.heading) only" }
    if codes.contains(where: { $0.chapter == topic.chapter }) { return "agrees on the chapter \(topic.chapter) only" }
    return "disagrees"
  }

  /// What has to be asked before a code that became several is one of them.
  var questions: [ClassificationEvidence] {
    guard let conversion else { return [] }
    return conversion.questions.map { question in
      ClassificationEvidence(
        kind: .question, text: "\(question.about.dotted) of \(conversion.from) became several codes. \(question.line)",
        reference: question.about.digits)
    }
  }
}

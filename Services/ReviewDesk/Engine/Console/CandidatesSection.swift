import Domain

/// The best three candidates side by side, each with what speaks for and against it.
struct CandidatesSection {
  let file: CaseFile

  var html: HTML {
    .element("section", .init("aria-labelledby", "candidates")) {
      HTML.element("h2", .id("candidates")) { "Candidate codes" }
      if best.isEmpty {
        HTML.element("p", .class("empty")) {
          file.classification?.isTooVague == true
            ? "The description says too little for any code." : "The classifier proposes nothing."
        }
      } else {
        HTML.element("ol", .class("candidates")) { for candidate in best { card(candidate) } }
        if let sureness { HTML.element("p", .class("hint")) { sureness } }
      }
    }
  }

  /// What can be relied on where the first code cannot: that the right one is among these, and its heading and chapter.
  private var sureness: Phrase? {
    guard best.count > 1, let certainty = file.classification?.certainty else { return nil }
    let among = best.count > 2 ? certainty.amongThree : certainty.amongTwo
    let code = best[0].code
    return """
      The right code is one of these with \(among.percent); heading \(code.heading) with \(certainty.heading.percent), \
      chapter \(code.chapter) with \(certainty.chapter.percent).
      """
  }

  private var best: [Candidate] { Array((file.classification?.candidates ?? []).prefix(3)) }

  private func card(_ candidate: Candidate) -> HTML {
    .element("li", .class("card")) {
      HTML.element("h3") {
        HTML.element("span", .class("code")) { candidate.code.dotted }
        HTML.element("span", .class("confidence")) { candidate.confidence.percent }
      }
      HTML.element("p", .class("code-title")) { HTML.rule(candidate.title) }
      HTML.element(
        "meter", .init("min", "0"), .init("max", "1"), .init("value", candidate.confidence.description),
        .init("aria-label", says: "Confidence")
      ) { candidate.confidence.percent }
      HTML.element("ul", .class("evidence")) { for evidence in candidate.evidence { item(evidence) } }
      if let duty = file.screening?.duties.first(where: { $0.code == candidate.code }) { DutyLine(duty).html }
    }
  }

  private func item(_ evidence: ClassificationEvidence) -> HTML {
    .element("li", .class(evidence.kind == .wordAgainst ? "against" : "for")) {
      HTML.element("span", .class("sign")) { evidence.kind.sign }
      evidence.html
      // What hardly weighs is told by its sign alone.
      if let weight = evidence.weight, abs(weight) >= 10_000 {
        HTML.element("span", .class("weight")) { "\(weight < 0 ? "−" : "+")\(abs(weight) / 10_000) %" }
      }
    }
  }
}

/// What the code would cost: the totals, with the working folded away.
struct DutyLine {
  private let duty: DutyEstimate

  init(_ duty: DutyEstimate) { self.duty = duty }

  var html: HTML {
    .element("details", .class("duty")) {
      HTML.element("summary") { summary }
      HTML.element("p", .class("hint")) { HTML.rule(duty.regime) }
      HTML.element("ul") {
        for step in duty.working { HTML.element("li") { HTML.rule(step) } }
        for unknown in duty.unknown {
          HTML.element("li", .class("missing")) { [.phrase("Not known: "), HTML.rule(unknown)] }
        }
      }
    }
  }

  private var summary: Phrase {
    if duty.duty == nil, duty.tax == nil, duty.total == nil { return "Duty and taxes not known" }
    let further = duty.furtherCharges.map { "\($0.name) \($0.amount), " as Phrase }
    return """
      Duty \(amount(duty.duty)), tax \(amount(duty.tax)), \(Phrase.list(further, separator: ""))together \
      \(amount(duty.total))
      """
  }

  private func amount(_ money: Money?) -> Phrase { money.map { "\($0)" } ?? "not known" }
}

extension Confidence {
  /// Rounded down, so that nothing looks surer than it is.
  var percent: String { (1..<10_000).contains(millionths) ? "< 1 %" : "\(millionths / 10_000) %" }
}

extension ClassificationEvidence {
  fileprivate var html: HTML {
    switch kind {
    case .wordFor: .element("span", [HTMLAttribute("dir", "auto")], [.phrase("“\(text)” speaks for it")])
    case .wordAgainst: .element("span", [HTMLAttribute("dir", "auto")], [.phrase("“\(text)” speaks against it")])
    case .suppliedCode, .precedent, .ruling, .note, .rule, .question, .secondOpinion: .rule(text)
    }
  }
}

extension ClassificationEvidence.Kind {
  fileprivate var sign: Phrase {
    switch self {
    case .wordFor: .verbatim("+")
    case .wordAgainst: .verbatim("−")
    case .precedent: "Precedent:"
    case .ruling: "Ruling:"
    case .note: "Note:"
    case .rule: "Rule:"
    case .suppliedCode: "Supplied code:"
    case .question: "To ask:"
    case .secondOpinion: "Second opinion:"
    }
  }
}

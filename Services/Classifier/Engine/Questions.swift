import Domain

/// The questions of the knowledge, found by the code, heading or chapter that asks them.
struct Questions: Sendable {
  private var byCode: [String: [DecidingQuestion]] = [:]

  init(_ knowledge: Knowledge) {
    for topic in knowledge.topics where !topic.guidance.questions.isEmpty {
      byCode[topic.code.digits] = topic.guidance.questions
    }
    for section in knowledge.sections where !section.guidance.questions.isEmpty {
      byCode[section.code.digits] = section.guidance.questions
    }
  }

  /// The question whose answer tells the first two of these codes apart, nearest to them first; its answers that lead
  /// to one of the codes.
  func evidence(between codes: [HSCode]) -> ClassificationEvidence? {
    guard codes.count > 1 else { return nil }
    let (first, second) = (codes[0], codes[1])
    let places = [
      first.subheading, second.subheading, first.heading, second.heading, first.chapter, second.chapter,
    ]
    for place in places {
      for question in byCode[place] ?? [] where Questions.decides(question, first, second) {
        let answers = question.answers.compactMap { answer in
          codes.first { Questions.leads(answer, to: $0) }.map { "\(answer.text) → \($0.dotted)" }
        }
        let text = "\(question.text) \(answers.joined(separator: "; "))"
        return ClassificationEvidence(kind: .question, text: text, reference: place)
      }
    }
    return nil
  }

  /// A second candidate that is less likely than this is no rival.
  private static let leastRival = Confidence(0.05)

  static func byTitles(_ candidates: [Candidate]) -> [ClassificationEvidence] {
    guard candidates.count > 1, candidates[1].confidence >= leastRival else { return [] }
    let answers = candidates.prefix(2).map { "\($0.title) → \($0.code.dotted)" }
    return [
      ClassificationEvidence(
        kind: .question, text: "Which describes it better? \(answers.joined(separator: "; "))",
        reference: candidates[0].code.subheading)
    ]
  }

  private static func decides(_ question: DecidingQuestion, _ first: HSCode, _ second: HSCode) -> Bool {
    question.answers.contains { leads($0, to: first) && !leads($0, to: second) }
      && question.answers.contains { leads($0, to: second) && !leads($0, to: first) }
  }

  private static func leads(_ answer: DecidingQuestion.Answer, to code: HSCode) -> Bool {
    answer.codes.contains { code.hasPrefix($0.digits) }
  }
}

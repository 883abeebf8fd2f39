import Domain

/// Speaks where the rulings that the classifier found for goods like these do not agree.
enum CitedRulings {
  static func finding(_ classification: Classification) -> Finding? {
    let cited = classification.candidates.compactMap { candidate in
      candidate.evidence.first { $0.kind == .ruling }.map { (candidate.code, $0.text) }
    }
    guard Set(cited.map(\.0.subheading)).count > 1 else { return nil }
    let codes = cited.map(\.0.dotted).joined(separator: " and ")
    return ScreenerRule.rulingsDisagree.finding(
      .review, "Authorities have ruled differently on goods like these: \(codes).",
      cited.prefix(4).map { code, text in Observation(field: "ruling", text: "\(code.dotted): \(text)") },
      roles: [.complianceLead])
  }
}

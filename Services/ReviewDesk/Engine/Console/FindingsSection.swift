import Domain

/// What the controls noticed, gravest first, each with the rule's source and its date.
struct FindingsSection {
  let file: CaseFile

  var html: HTML {
    .element("section", .init("aria-labelledby", "findings")) {
      HTML.element("h2", .id("findings")) { "Findings" }
      if findings.isEmpty {
        HTML.element("p", .class("empty")) { "The controls found nothing." }
      } else {
        HTML.element("ul", .class("findings")) { for finding in findings { FindingsSection.item(finding) } }
      }
      if let screening = file.screening, let risk = screening.risk {
        HTML.element("p", .class("hint")) {
          "Risk \(screening.riskScore) of 100, made of: "
          Phrase.list(risk.parts.map(\.phrase))
        }
      }
    }
  }

  private var findings: [Finding] {
    (file.screening?.findings ?? []).sorted { ($0.effect, $1.ruleID) > ($1.effect, $0.ruleID) }
  }

  static func item(_ finding: Finding) -> HTML {
    .element("li", .class("finding \(finding.effect.rawValue)")) {
      HTML.element("p") {
        HTML.element("strong", .class("effect")) { finding.effect.phrase }
        HTML.text(" ")
        HTML.rule(finding.summary)
      }
      if let document = finding.requiredDocument {
        HTML.element("p") { [.phrase("Asked for: "), HTML.rule(document)] }
      }
      if let reroute = finding.reroute { HTML.element("p") { [.phrase("Another way: "), HTML.rule(reroute.text)] } }
      for observation in finding.observed {
        HTML.element("p", .class("hint")) {
          "Seen in the \(observation.place): "
          HTML.element("q", .init("dir", "auto")) { StageWords.seen(observation.text) ?? .verbatim(observation.text) }
        }
      }
      HTML.element("p", .class("hint")) { source(finding) }
    }
  }

  private static func source(_ finding: Finding) -> Phrase {
    let rule: Phrase = "Rule \(finding.ruleID), version \(finding.ruleVersion)."
    guard let source = finding.source else { return rule }
    let date: Phrase = source.asOf.map { ", as of \($0)" } ?? ", undated"
    return "\(source.authority): \(source.instrument)\(date). \(rule)"
  }
}

extension Observation {
  /// The field in a person's words: `/titles/0/text` is the title.
  fileprivate var place: Phrase {
    let name = field.split(separator: "/").first.map(String.init) ?? field
    switch name {
    case "classification": return "classification"
    case "duties": return "duties"
    case "ruling": return "ruling"
    default: return ProductField(rawValue: name)?.phrase ?? .verbatim(name)
    }
  }
}

extension Finding.Effect {
  var phrase: Phrase {
    switch self {
    case .inform: "For information."
    case .review: "Needs a look."
    case .requireDocument: "Needs a document."
    case .prohibit: "Prohibited."
    }
  }
}

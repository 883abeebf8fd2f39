import Domain
import JSON

/// What became of the case so far: decisions, documents, deliveries, and the audit log.
struct RecordSection {
  let file: CaseFile

  var html: HTML {
    .fragment([decisions, documents, deliveries, history])
  }

  private var decisions: HTML {
    table(
      "Decisions", ["", "Decision", "Code", "Reason", "By", "When"],
      file.decisions.reversed().map { decision in
        [
          .text("\(decision.sequence)"), .phrase(decision.kind.phrase),
          decision.code.map { .text($0.dotted) } ?? .phrase("none"),
          .element("span", [HTMLAttribute("dir", "auto")], [.text(decision.reason ?? "")]),
          .text(decision.decidedBy.words), .phrase("\(decision.decidedAt)"),
        ]
      })
  }

  private var documents: HTML {
    table(
      "Documents", ["Document", "SHA-256"],
      file.documents.map { document in
        [
          .element("a", [HTMLAttribute("href", "/documents/\(document.id)")], [.text(document.name)]),
          .element("code", [.class("digest")], [.text(document.sha256)]),
        ]
      })
  }

  private var deliveries: HTML {
    table(
      "Deliveries", ["To", "State", "Attempts", "Last answer", "When"],
      file.deliveries.map { delivery in
        [
          .text(delivery.destination), .phrase(delivery.stateWords), .text("\(delivery.attempts)"),
          .text([delivery.lastStatus.map(String.init), delivery.lastError].compactMap { $0 }.joined(separator: " ")),
          .phrase("\(delivery.deliveredAt ?? delivery.createdAt)"),
        ]
      })
  }

  private var history: HTML {
    table(
      "History", ["When", "Who", "What", "With"],
      file.history.reversed().map { entry in
        [.phrase("\(entry.at)"), .text(entry.actor.words), .phrase(entry.kindWords), HistoryData(entry.data).html]
      })
  }

  private func table(_ title: Phrase, _ columns: [Phrase], _ rows: [[HTML]]) -> HTML {
    guard !rows.isEmpty else { return .empty }
    return .element("section") {
      HTML.element("h2") { title }
      HTML.element(
        "div", .class("scroll"), .init("role", "region"), .init("aria-label", says: title), .init("tabindex", "0")
      ) {
        HTML.element("table") {
          HTML.element("thead") {
            HTML.element("tr") {
              for column in columns {
                // The running number needs no name, and an empty heading is read out as one.
                if column.key.isEmpty {
                  HTML.element("td")
                } else {
                  HTML.element("th", .init("scope", "col")) { column }
                }
              }
            }
          }
          HTML.element("tbody") {
            for row in rows { HTML.element("tr") { for cell in row { HTML.element("td") { cell } } } }
          }
        }
      }
    }
  }
}

extension CaseDelivery {
  fileprivate var stateWords: Phrase {
    switch state {
    case "pending": "pending"
    case "delivered": "delivered"
    case "dead": "given up"
    case "superseded": "superseded"
    case "conflict": "conflict"
    case "dry-run": "dry run"
    default: .verbatim(state)
    }
  }
}

extension Actor {
  var words: String { name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name }
}

/// The data of a history entry, one fact to a line.
struct HistoryData {
  private let data: JSONValue

  init(_ data: JSONValue) { self.data = data }

  var html: HTML {
    .element("ul", .class("data"), .init("lang", "en")) {
      for member in data.objectValue?.members ?? [] where !member.value.isNull {
        HTML.element("li") {
          HTML.element("span", .class("name")) { HTML.text("\(words(member.key)): ") }
          HTML.element("span", .init("dir", "auto")) { text(member.value) }
        }
      }
    }
  }

  /// `policyVersion` is read as "policy version", `revisionID` as "revision id".
  private func words(_ name: String) -> String {
    var words = ""
    var previousIsUppercase = true
    for character in name {
      if character.isUppercase, !previousIsUppercase { words += " " }
      words += character.lowercased()
      previousIsUppercase = character.isUppercase
    }
    return words
  }

  private func text(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .bool(let flag): flag ? "yes" : "no"
    case .array(let values): values.map { text($0["text"] ?? $0) }.joined(separator: " · ")
    default: value.text
    }
  }
}

extension HistoryEntry {
  var kindWords: Phrase {
    let name = kind.hasPrefix("case.") ? String(kind.dropFirst(5)) : kind
    switch name {
    case "opened": return "opened"
    case "assigned": return "Given to somebody"
    case "classified": return "classified"
    case "held-for-decision": return "held for a decision"
    case "cleared-automatically": return "cleared automatically"
    case "screened-again": return "screened again"
    case "documented": return "documented"
    case "written-back": return "written back"
    case "delivery-failed": return "not delivered"
    case "conflict-detected": return "in conflict"
    default:
      return ReviewHappening(rawValue: name).map(\.words) ?? .verbatim(String(name.map { $0 == "-" ? " " : $0 }))
    }
  }
}

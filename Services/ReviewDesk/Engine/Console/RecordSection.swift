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
        HTML.element("table", .class("stacks")) {
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
            for row in rows {
              HTML.element("tr") {
                for (cell, column) in zip(row, columns) {
                  HTML.element("td", .init("data-label", says: column)) { cell }
                }
              }
            }
          }
        }
      }
    }
  }
}

extension CaseDelivery {
  var stateWords: Phrase {
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
          HTML.element("span", .init("dir", "auto")) { text(member.value, of: member.key) }
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

  private func text(_ value: JSONValue, of name: String) -> String {
    switch name {
    case "code", "proposed": value.stringValue.flatMap { HSCode($0) }?.dotted ?? text(value)
    case "confidence": (try? Confidence(json: JSONCursor(value)))?.percent ?? text(value)
    case "reasons": (value.arrayValue ?? []).map { said($0["text"] ?? $0) }.joined(separator: " · ")
    default: text(value)
    }
  }

  /// As the case page says it.
  private func said(_ reason: JSONValue) -> String {
    let text = text(reason)
    return StageWords.known(text)?.english ?? text
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
  var kindWords: Phrase { HistoryWords.phrase(of: kind) }
}

/// What the audit log's kinds of entries are called.
enum HistoryWords {
  static func phrase(of kind: String) -> Phrase {
    let parts = kind.split(separator: ".", maxSplits: 1).map(String.init)
    guard let subject = parts.first, let name = parts.dropFirst().first else { return .verbatim(kind) }
    if subject == "product", name == "received" { return "received" }
    if subject == "shipment", let phrase = shipment(name) { return phrase }
    return `case`(name) ?? .verbatim(name.replacing("-", with: " "))
  }

  private static func `case`(_ name: String) -> Phrase? {
    switch name {
    case "opened": "opened"
    case "assigned": "Given to somebody"
    case "classified": "classified"
    case "held-for-decision": "held for a decision"
    case "cleared-automatically": "cleared automatically"
    case "screened-again": "screened again"
    case "recalled": "recalled for a decision"
    case "documented": "documented"
    case "decision-given": "decision given"
    case "decision-undone": "decision undone"
    case "decision-dropped": "decision dropped"
    case "second-look": "second look"
    case "written-back": "written back"
    case "delivery-failed": "not delivered"
    case "conflict-detected": "in conflict"
    case "redelivered": "sent once more"
    default: ReviewHappening(rawValue: name)?.words
    }
  }

  private static func shipment(_ name: String) -> Phrase? {
    switch name {
    case "accepted": "accepted"
    case "waiting": "waiting"
    case "ready": "ready"
    case "documented": "documented"
    case "written-back": "written back"
    case "held": "held"
    case "undeliverable": "undeliverable"
    case "line-rebound": "a line follows a newer case"
    case "listed-after-documents": "a party was listed after the documents"
    default: nil
    }
  }
}

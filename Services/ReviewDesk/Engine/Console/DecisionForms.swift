import Domain

/// The forms for what this visitor may do now.
struct DecisionForms {
  let page: CasePage

  private var file: CaseFile { page.file }
  private var isCorrection: Bool { !file.decisions.isEmpty }

  var html: HTML {
    .element("section", .class("decide"), .init("aria-labelledby", "decide")) {
      HTML.element("h2", .id("decide")) { isCorrection ? "Correct the decision" : "Decide" }
      if let closed {
        HTML.element("p", .class("empty")) { closed }
      } else {
        if file.state == .awaitingInformation { answer }
        approve
        override
        reject
        if file.state.after(.informationRequested) != nil { ask }
      }
    }
  }

  /// Why there is nothing to do, or nil.
  private var closed: Phrase? {
    if file.state.after(.decidedByPerson) == nil { return "Nothing to decide: \(file.standing)" }
    if !page.rules.mayDecide {
      return "You can look at this case. It is decided by: \(Phrase.list(file.roles.map(\.phrase)))."
    }
    if let obstacle = page.rules.obstacleToOpinion { return obstacle }
    if let pending = file.pending { return pending.refusal.detail }
    if let hold = file.handling.hold(against: page.visitor.reviewer.actor) {
      return "\(hold.name) has this case in hand for \(hold.remaining(at: page.now))."
    }
    return nil
  }

  // MARK: Forms

  private var approve: HTML {
    group("Approve a candidate") {
      if let obstacle = page.rules.obstacleToApproval ?? page.rules.obstacleToClearing(with: nil) {
        HTML.element("p", .class("hint")) { "Not possible. \(obstacle)" }
      } else {
        form("approve") {
          HTML.element("fieldset") {
            HTML.element("legend") { "Code" }
            for (index, candidate) in candidates.enumerated() { radio(candidate, index) }
          }
          evidence("approve")
          reason("approve", isRequired: isCorrection)
          HTML.element("button", .class("main"), .init("data-key", "a")) { "Approve" }
        }
      }
    }
  }

  private var candidates: [Candidate] { Array((file.classification?.candidates ?? []).prefix(3)) }

  private func radio(_ candidate: Candidate, _ index: Int) -> HTML {
    let typed = typed("approve", "code")
    return .element("label", .class("choice")) {
      HTML.element(
        "input", .init("type", "radio"), .init("name", "code"), .init("value", candidate.code.digits),
        .init("checked", if: typed.isEmpty ? index == 0 : typed == candidate.code.digits),
        .init("data-key", "\(index + 1)"))
      HTML.element("span", .class("code")) { candidate.code.dotted }
      HTML.element("span") {
        HTML.rule(candidate.title)
        HTML.text(" ")
        HTML.element("span", .class("share")) { HTML.text("(\(candidate.confidence.percent))") }
      }
    }
  }

  private var override: HTML {
    group("Override with another code") {
      if file.prohibition != nil, !page.visitor.reviewer.isComplianceLead {
        HTML.element("p", .class("hint")) { "Only the compliance lead overrides a prohibition." }
      } else if let obstacle = page.rules.obstacleToClearing(with: nil) {
        HTML.element("p", .class("hint")) { "Not possible. \(obstacle)" }
      } else {
        form("override") {
          HTML.element("label", .init("for", "override-code")) { "Code" }
          HTML.element("p", .class("hint"), .id("override-hint")) {
            HTML.element("span", .init("data-script"), .init("hidden")) { "Words find the code, such as tote bag. " }
            "6 to 12 digits, such as 6109.10. The code is screened before it counts."
            HTML.text(" ")
            HTML.element("a", .init("href", "/knowledge/codes"), .init("target", "_blank")) { "All codes" }
          }
          HTML.element(
            "input", .id("override-code"), .init("name", "code"), .init("value", typed("override", "code")),
            .init("size", "14"), .init("maxlength", "100"), .init("required"), .init("autocomplete", "off"),
            .init("aria-describedby", "override-hint"), .init("data-key", "o"),
            .init("data-find", "/knowledge/codes?q="))
          HTML.element("div", .id("found"), .init("role", "status"))
          evidence("override")
          reason("override", isRequired: true)
          HTML.element("button") { "Override" }
        }
      }
    }
  }

  private var reject: HTML {
    group("Reject") {
      form("reject") {
        reason("reject", isRequired: true, key: "r")
        HTML.element("button", .class("danger")) { "Reject" }
      }
    }
  }

  private var ask: HTML {
    group("Ask the supplier") {
      form("ask") {
        text("ask", "question", label: "Question", isRequired: true, key: "i")
        HTML.element("button") { "Ask" }
      }
    }
  }

  private var answer: HTML {
    group("Enter the supplier's answer") {
      HTML.element("form", .init("method", "post"), .init("action", "/cases/\(file.id)/answer"), .class("stack")) {
        page.visitor.token
        hidden("expectedVersion", String(file.version))
        text("answer", "answer", label: "Answer", isRequired: true)
        HTML.element("button") { "Save the answer" }
      }
    }
  }

  // MARK: Parts

  private func group(_ title: Phrase, @HTMLBuilder content: () -> [HTML]) -> HTML {
    .element("div", .class("action")) {
      HTML.element("h3") { title }
      content()
    }
  }

  private func form(_ action: String, @HTMLBuilder content: () -> [HTML]) -> HTML {
    .element(
      "form", .init("method", "post"), .init("action", "/cases/\(file.id)/decision"), .class("stack"),
      .init("data-goes-on")
    ) {
      page.visitor.token
      hidden("action", action)
      hidden("expectedVersion", String(file.version))
      content()
    }
  }

  private func hidden(_ name: String, _ value: String) -> HTML {
    .element("input", .init("type", "hidden"), .init("name", name), .init("value", value))
  }

  /// What is asked for, and the place to say where it is.
  private func evidence(_ action: String) -> HTML {
    let asked = file.documentsAsked
    let wasMissing = page.attempt?.refusal.issues.contains { $0.field == "/evidence" } ?? false
    guard !asked.isEmpty || wasMissing && page.attempt?.fields["action"] == action else { return .empty }
    return .fragment([
      text(action, "evidence", label: "Documents", isRequired: true),
      asked.isEmpty
        ? .empty
        : .element("p", .class("hint")) {
          "Number of each, or where it is kept: "
          for (index, document) in asked.enumerated() {
            if index > 0 { HTML.text("; ") }
            HTML.rule(document)
          }
        },
    ])
  }

  private func reason(_ action: String, isRequired: Bool, key: String? = nil) -> HTML {
    text(action, "reason", label: isRequired ? "Reason" : "Reason (not required)", isRequired: isRequired, key: key)
  }

  private func text(
    _ action: String, _ name: String, label: Phrase, isRequired: Bool, key: String? = nil
  ) -> HTML {
    let id = "\(action)-\(name)"
    return .fragment([
      .element("label", .init("for", id)) { label },
      .element(
        "textarea", .id(id), .init("name", name), .init("rows", "2"), .init("maxlength", "4000"), .init("dir", "auto"),
        .init("required", if: isRequired), key.map { .init("data-key", $0) } ?? .init("data-key", if: false)
      ) { typed(action, name) },
    ])
  }

  /// What was typed before the refusal is not lost.
  private func typed(_ action: String, _ name: String) -> String {
    guard let fields = page.attempt?.fields, (fields["action"] ?? "answer") == action else { return "" }
    return fields[name] ?? ""
  }
}

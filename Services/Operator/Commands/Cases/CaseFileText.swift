import Domain
import JSON
import Store

/// A case as a person reads it.
struct CaseFileText {
  let file: CaseFile
  let console: Console

  func print() {
    printHead()
    printCandidates()
    printReasons()
    printFindings()
    printDuty()
    printDecision()
    printResults()
    printHistory()
  }

  private func heading(_ text: String) { console.line("\n\(console.bold(text))") }

  private func printHead() {
    let stored = file.stored
    let product = stored.product
    let lane = stored.lane.map { ", \($0.rawValue)" } ?? ""
    let state = stored.state.rawValue + lane
    let shownState =
      stored.state.isTerminal ? console.green(state) : stored.state.waitsForPerson ? console.yellow(state) : state
    console.line("\(console.bold("\(product.sku) in \(stored.market)"))  \(shownState)")
    for title in product.titles {
      console.line("  \(title.text)\(title.language == "und" ? "" : " (\(title.language))")")
    }
    fact("case", "\(stored.id), of \(file.tenant)")
    fact("revision", "\(stored.revision), opened \(stored.openedAt.toTheMinute)")
    fact("materials", components(product.materials))
    fact("ingredients", components(product.ingredients))
    fact("use", product.intendedUse)
    fact("category", product.categoryPath.isEmpty ? nil : product.categoryPath.joined(separator: " > "))
    let origin = product.origin.map { "from \($0)" }
    let value = product.unitValue.map { "\($0)" }
    let weight = product.netWeightGrams.map { "\($0) g" }
    fact("unit", [value, weight, origin].compactMap { $0 }.joined(separator: ", "))
    fact("images", product.imageAddresses.joined(separator: " "))
    fact("supplied", product.suppliedCode.map { "\($0) by the sender" })
  }

  private func fact(_ name: String, _ text: String?) {
    guard let text, !text.isEmpty else { return }
    console.line("  \(console.dim(name.padded(to: 12))) \(text)")
  }

  private func components(_ components: [Component]) -> String? {
    components.isEmpty
      ? nil
      : components.map { component in component.percent.map { "\($0)% \(component.name)" } ?? component.name }
        .joined(separator: ", ")
  }

  private func printCandidates() {
    guard let classification = file.classification else { return }
    heading("Candidates (\(classification.modelVersion))")
    for candidate in classification.candidates.prefix(5) {
      console.line("  \(candidate.code)  \(candidate.confidence)  \(candidate.title)")
      for evidence in candidate.evidence.withFewWords {
        let reference = evidence.reference.map { " [\($0)]" } ?? ""
        console.line(console.dim("      \(evidence.kind.rawValue): \(evidence.text)\(reference)"))
      }
    }
    if classification.candidates.isEmpty { console.line("  none") }
    if let sureness = classification.sureness { console.line(console.dim("  \(sureness)")) }
  }

  private func printReasons() {
    guard let result = file.result else { return }
    heading(file.stored.lane == .auto ? "Why it cleared" : "Why a person must look")
    for reason in file.reasons { console.line("  · \(reason.text)") }
    let roles = result.routing.roles.map(\.rawValue).joined(separator: ", ")
    let asked = roles.isEmpty ? "" : ", asks \(roles)"
    console.line(console.dim("  policy \(result.routing.policyVersion), risk \(result.screening.riskScore)\(asked)"))
    if let risk = result.screening.risk { console.line(console.dim("  risk is made of \(risk.words)")) }
  }

  private func printFindings() {
    guard let screening = file.result?.screening, !screening.findings.isEmpty else { return }
    heading("Findings (pack \(screening.packVersion))")
    for finding in screening.findings {
      let effect = finding.effect.rawValue
      let shown =
        finding.effect == .prohibit ? console.red(effect) : finding.blocksClearance ? console.yellow(effect) : effect
      console.line("  \(shown)  \(finding.summary)  \(console.dim(finding.ruleID))")
      if let reroute = finding.reroute { console.line("      another way: \(reroute.text)") }
      for observed in finding.observed.prefix(3) {
        console.line(console.dim("      \(observed.field): \(observed.text)"))
      }
      if let document = finding.requiredDocument { console.line(console.dim("      needs: \(document)")) }
      if let source = finding.source { console.line(console.dim("      \(source.authority), \(source.instrument)")) }
    }
  }

  private func printDuty() {
    guard let duty = file.result?.screening.duties.first else { return }
    heading("Duty and tax for \(duty.code), one unit")
    func amount(_ name: String, _ money: Money?) -> String { "\(name) \(money.map { "\($0)" } ?? "unknown")" }
    console.line(
      "  \(amount("value", duty.customsValue)), \(amount("duty", duty.duty)), \(amount("tax", duty.tax)), "
        + duty.furtherCharges.map { "\($0.name) \($0.amount), " }.joined()
        + "\(amount("together", duty.total))  \(console.dim(duty.regime))")
    for unknown in duty.unknown { console.line(console.dim("      not known: \(unknown)")) }
  }

  private func printDecision() {
    if let decision = file.decision {
      heading("Decision")
      let code = decision.code.map { " as \($0)" } ?? ""
      let reason = decision.reason.map { ": \($0)" } ?? ""
      console.line(
        "  \(decision.kind.rawValue)\(code) by \(decision.decidedBy), \(decision.decidedAt.toTheMinute)\(reason)")
    }
    for request in file.requests {
      console.line("  asked by \(request.askedBy): \(request.question)")
      console.line("    \(request.answer.map { "answered: \($0)" } ?? "not answered yet")")
    }
  }

  private func printResults() {
    if !file.documents.isEmpty {
      heading("Documents")
      for document in file.documents { console.line("  \(document.kind)  \(document.name)") }
      console.line(console.dim("  'pabean document save --case \(file.stored.id)' fetches them"))
    }
    guard !file.deliveries.isEmpty else { return }
    heading("Deliveries")
    for delivery in file.deliveries {
      let error = delivery.lastError.map { ", \($0)" } ?? ""
      let at = (delivery.deliveredAt ?? delivery.nextAttemptAt).map { " \($0.toTheMinute)" } ?? ""
      console.line(
        "  \(delivery.destination.padded(to: 12)) \(delivery.state.rawValue)\(at), attempts \(delivery.attempts)\(error)  "
          + console.dim("\(delivery.id)"))
    }
  }

  private func printHistory() {
    guard !file.history.isEmpty else { return }
    heading("History")
    for (_, content) in file.history {
      let entry = try? JSONParser.parse(content)
      let at = entry?["at"]?.stringValue.flatMap { Instant($0) }.map { String($0.description.prefix(23)) } ?? ""
      let kind = entry?["kind"]?.stringValue ?? "?"
      console.line(
        "  \(at.split(separator: "T").joined(separator: " "))  \(kind.padded(to: 30)) \(entry?["actor"]?.stringValue ?? "")"
      )
    }
  }
}

extension [ClassificationEvidence] {
  /// Words are many and say much the same; of all else nothing is left out.
  var withFewWords: [ClassificationEvidence] {
    var words = 0
    return filter { evidence in
      guard evidence.kind == .wordFor || evidence.kind == .wordAgainst else { return true }
      words += 1
      return words <= 4
    }
  }
}

import Domain

/// What was arranged about the case, and what two people think of it.
struct HandlingSection {
  let page: CasePage

  private var file: CaseFile { page.file }
  private var handling: CaseHandling { file.handling }

  var html: HTML {
    guard file.state.waitsForPerson else { return .empty }
    let lines = arranged + twoPeople
    guard !lines.isEmpty else { return .empty }
    return .element("ul", .class("arranged")) {
      for line in lines { HTML.element("li", .init("dir", "auto")) { line } }
    }
  }

  private var arranged: [Phrase] {
    var lines: [Phrase] = []
    if let escalation = handling.escalation {
      lines.append("Escalated by \(escalation.by.words) on \(escalation.at): \(escalation.reason)")
    }
    if let assignment = handling.assignment { lines.append("Given to \(assignment.name).") }
    if let until = handling.snoozedUntil, until > page.now { lines.append("Put off until \(until).") }
    return lines
  }

  private var twoPeople: [Phrase] {
    guard file.requiresTwoPeople else { return [] }
    let lead: Phrase = "Two people decide this case, each without seeing what the other chose."
    return [lead]
      + file.opinionsShown(to: page.visitor.reviewer.actor).map { person, opinion in
        guard let opinion else { return "\(person.words) has decided. What they chose is shown after you have." }
        let rest = [opinion.code?.dotted, opinion.reason].compactMap { $0 }.map { ", \($0)" }.joined()
        return "\(person.words): \(opinion.kind.phrase)\(rest)"
      }
  }
}

/// What the supplier was asked, and what came back.
struct QuestionsSection {
  let file: CaseFile

  var html: HTML {
    guard !file.questions.isEmpty else { return .empty }
    return .element("section", .init("aria-labelledby", "questions")) {
      HTML.element("h2", .id("questions")) { "Questions to the supplier" }
      HTML.element("ul", .class("findings")) {
        for question in file.questions {
          HTML.element("li", .class("finding")) {
            HTML.element("p", .init("dir", "auto")) { question.question }
            HTML.element("p", .class("hint")) { "\(question.askedBy.words), \(question.askedAt)" }
            if let answer = question.answer {
              HTML.element("p", .class("answer"), .init("dir", "auto")) { answer }
            } else {
              HTML.element("p", .class("missing")) { "No answer yet." }
            }
          }
        }
      }
    }
  }
}

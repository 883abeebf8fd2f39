import Domain
import Testing

@testable import ClassifierEngine

/// Who types a question gets the answer that the article alone gets.
@Suite struct QuestionTests {
  @Test(arguments: [
    "What is the HS code for ceramic coffee mugs?",
    "HS code for ceramic coffee mugs please",
    "How do I classify ceramic coffee mugs",
    "Hi, we are shipping a batch of ceramic coffee mugs to Singapore next month. What tariff code applies?",
    "I want to import ceramic coffee mugs from China, which HS code should I use?",
    "Could you tell me the commodity code of ceramic coffee mugs, made in Vietnam?",
    "Invoice: 120 pcs of ceramic coffee mugs, HS unknown",
    "kode HS untuk ceramic coffee mugs",
  ])
  func `a question is read as the article that it asks about`(question: String) {
    let plain = SharedModel.classify("ceramic coffee mugs").best
    let asked = SharedModel.classify(question).best
    #expect(asked?.code == plain?.code && plain?.code.digits == "691200")
    #expect(abs((asked?.confidence.probability ?? 0) - (plain?.confidence.probability ?? 1)) < 0.15)
  }

  @Test func `a question that names no article is too vague`() {
    #expect(SharedModel.classify("What is the HS code?").isTooVague)
    #expect(SharedModel.classify("which tariff heading applies to our goods").isTooVague)
  }

  @Test func `the words of a question are words of the article where nothing is asked`() {
    let words = SharedModel.model.words
    let asking = TokenStream("What is the heading of number plates?").withoutQuestion(words).words
    #expect(asking == ["is", "the", "of", "plates"])
    #expect(TokenStream("number plates").withoutQuestion(words).words == ["number", "plates"])
  }
}

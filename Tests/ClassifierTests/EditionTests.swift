import ClassifierEngine
import Domain
import Testing

/// The Harmonised System of 2017 beside that of 2022, as the files say it, and what a seller's older code does.
struct EditionTests {
  private static let older = HSEdition("2017")!
  private static let newer = HSEdition("2022")!
  private let codes = Set(SharedModel.knowledge.topics.map(\.code))

  private var editions: HSEditions {
    get throws { try #require(SharedModel.knowledge.editions) }
  }

  private func correlation() throws -> HSCorrelation {
    try HSCorrelationFile.read(
      try SharedData.read("\(SharedModel.nomenclature)/HS2017-HS2022.txt"), from: EditionTests.older,
      to: EditionTests.newer)
  }

  @Test func `the knowledge is of 2022, and every code of it comes from one of 2017 or is the same`() throws {
    let editions = try editions
    #expect(editions.current == EditionTests.newer)
    for code in codes {
      let origins = try #require(editions.convert(code, from: EditionTests.newer, to: EditionTests.older)).codes
      #expect(!origins.isEmpty && origins.allSatisfy { editions.has($0, in: EditionTests.older) }, "\(code)")
    }
  }

  @Test func `every code that one of 2017 became is known, and every split has its question`() throws {
    let correlation = try correlation()
    #expect(correlation.targets.isSubset(of: codes))
    #expect(correlation.dropped.count > 140 && correlation.dropped.isDisjoint(with: codes))
    for change in correlation.changes.values {
      #expect((change.outcomes.count > 1) == (change.question != nil), "\(change.code)")
      #expect(Set(change.outcomes.map(\.answer)).count == change.outcomes.count, "\(change.code)")
    }
    #expect(correlation.changes.values.count { $0.outcomes.count > 1 } > 170)
  }

  /// A table with one origin for each code names, for some that drew on goods of many kinds, one that is far from most.
  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `the origins that a public table names are among ours`() throws {
    let correlation = try correlation()
    let differently = Set(["852411", "852412", "852419", "852491", "852492", "852499", "854151", "854159", "846242"])
    let waste = Set(["854921", "854929", "854931", "854939", "854991", "854999"])
    let lines = try SharedData.read("classification/hs2022_hs2017_conversion.csv", inShared: true).utf8
      .split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    for line in lines.dropFirst() {
      let pair = line.split(separator: UInt8(ascii: ",")).compactMap { HSCode(String(Substring($0))) }
      guard pair.count == 2, codes.contains(pair[0]) else { continue }
      if differently.union(waste).contains(pair[0].digits) { continue }
      #expect((correlation.origins(of: pair[0]) ?? [pair[0]]).contains(pair[1]), "\(pair)")
    }
  }

  private func classify(_ title: String, supplied: String) -> Classification {
    var product = SharedModel.product(title)
    product.suppliedCode = HSCode(supplied)
    return SharedModel.model.classify(product, market: SharedModel.singapore)
  }

  private func texts(_ candidate: Candidate?, _ kind: ClassificationEvidence.Kind) -> [String] {
    candidate?.evidence.filter { $0.kind == kind }.map(\.text) ?? []
  }

  @Test func `a supplied code of 2017 that became one code counts as that one`() {
    let title = "Plain yoghurt natural low fat 500g"
    let answer = classify(title, supplied: "0403.10.20")
    #expect(answer.best?.code.digits == "040320")
    #expect(
      texts(answer.best, .suppliedCode) == [
        "The supplied code 0403.10.20 of HS 2017, which became 0403.20, agrees"
      ])
    #expect(answer.supplied?.certain?.digits == "040320")
    #expect(answer.best?.confidence == classify(title, supplied: "040320").best?.confidence)
    #expect(classify(title, supplied: "040320").supplied == nil)
  }

  @Test func `one that split brings its question to the case, and speaks for none of its answers`() throws {
    let answer = classify("Samsung Galaxy smartphone 128GB dual sim", supplied: "851712")
    let best = try #require(answer.best)
    #expect(best.code.digits == "851713")
    let question = try #require(texts(best, .question).last)
    #expect(question.hasPrefix("8517.12 of HS 2017 became several codes. "))
    #expect(question.contains("→ 8517.13") && question.contains("→ 8517.14"))
    #expect(texts(best, .suppliedCode).first?.contains("which became 8517.13 or 8517.14, agrees") == true)
    #expect(
      best.confidence <= classify("Samsung Galaxy smartphone 128GB dual sim", supplied: "851713").best!.confidence)
  }

  @Test func `what a supplied code of 2017 may be is kept although nothing else is known`() {
    let answer = classify("spare parts", supplied: "851712")
    #expect(answer.candidates.isEmpty && answer.supplied?.codes.map(\.digits) == ["851713", "851714"])
  }

  @Test func `a folder with a file of another name, or one that is not understood, is refused`() throws {
    let error = #expect(throws: KnowledgeError.self) {
      try Knowledge.load(directory: SharedModel.directory, nomenclature: SharedModel.directory)
    }
    #expect(error?.reason.contains("HS2017-HS2022.txt") == true)
  }
}

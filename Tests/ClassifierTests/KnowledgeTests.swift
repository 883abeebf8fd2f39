import ClassifierEngine
import Domain
import Testing

struct KnowledgeTests {
  private let topics = SharedModel.knowledge.topics

  @Test func `every code has six digits and stands once`() {
    for topic in topics { #expect(topic.code.digits.utf8.count == 6, "\(topic.code)") }
    #expect(Set(topics.map(\.code)).count == topics.count)
  }

  @Test func `every code has a title, names and examples, hardly one fewer than five`() {
    for topic in topics {
      #expect(!topic.title.isEmpty, "\(topic.code)")
      #expect(!topic.names.isEmpty, "\(topic.code)")
      #expect(!topic.examples.isEmpty, "\(topic.code)")
    }
    #expect(topics.count { $0.examples.count < 5 } <= topics.count / 50)
  }

  @Test func `chapters, headings and codes carry notes, look-alikes and questions`() throws {
    let text = """
      # Telephones.
      85 Electrical goods
        note: Parts follow the machine (section XVI note 2).
      8517 Telephones
        note: One.
        note: Two.
        names: phones
        ask: Does it run apps? | yes => 851713 | no, keys only => 851714, 851718
      851713 Smartphones
        frequency: daily
        names: smartphone; 手机
        not: phone case; casing hp => 392690 (GRI 1)
        - Smartphone 128GB [color: black; category: Phones > Smartphones]
        not: radio

        -  5G phone
      851714 Other telephones
        - keypad phone
      """
    let knowledge = try Knowledge(files: [(name: "85.txt", text: text)], words: "")
    #expect(knowledge.sections.map(\.code.digits) == ["85", "8517"])
    #expect(knowledge.sections.map(\.title) == ["Electrical goods", "Telephones"])
    #expect(knowledge.sections[1].guidance.notes == ["One.", "Two."])
    #expect(knowledge.sections[1].names == ["phones"])
    let question = try #require(knowledge.sections[1].guidance.questions.first)
    #expect(question.text == "Does it run apps?")
    #expect(question.answers.map(\.text) == ["yes", "no, keys only"])
    #expect(question.answers.map { $0.codes.map(\.digits) } == [["851713"], ["851714", "851718"]])
    let topic = try #require(knowledge.topics.first)
    #expect(topic.frequency == .daily)
    #expect(topic.names == ["smartphone", "手机"])
    #expect(topic.guidance.exclusions.map(\.phrases) == [["phone case", "casing hp"], ["radio"]])
    #expect(topic.guidance.exclusions.map { $0.codes.map(\.digits) } == [["392690"], []])
    #expect(topic.guidance.exclusions.map(\.rule) == ["GRI 1", ""])
    #expect(topic.examples == ["Smartphone 128GB [color: black; category: Phones > Smartphones]", "5G phone"])
    #expect(knowledge.topics.map(\.examples.count) == [2, 1])
  }

  @Test func `hardly an example stands twice, even in other case and order`() {
    var seen: [[String]: HSCode] = [:]
    var twice: [String] = []
    for topic in topics {
      for example in topic.examples {
        let key = example.lowercased().split(separator: " ").map(String.init).sorted()
        if let other = seen[key] { twice.append("'\(example)' stands under \(other) and \(topic.code)") }
        seen[key] = topic.code
      }
    }
    #expect(twice.count <= seen.count / 500, "\(twice)")
  }

  @Test func `every chapter file holds its chapter's codes in order`() throws {
    for topic in Set(topics.map(\.code.chapter)).sorted() {
      let codes = topics.map(\.code).filter { $0.chapter == topic }
      let text = try SharedData.read(SharedModel.directory + "/chapters/\(topic).txt")
      let margin = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
        line.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true
          ? String(Substring(line.prefix { $0 != UInt8(ascii: " ") })) : nil
      }
      let written = margin.filter { $0.utf8.count == 6 }
      #expect(written == codes.map(\.digits), "chapter \(topic)")
    }
  }

  @Test(.enabled(if: SharedData.isPresent, "\(SharedData.absence)"))
  func `every code exists in the nomenclature`() throws {
    let lines = try SharedData.read("classification/nomenclature_hs2022.csv", inShared: true).utf8
    let codes = Set(lines.split(separator: UInt8(ascii: "\n")).map { String(Substring($0.prefix(6))) })
    for topic in topics { #expect(codes.contains(topic.code.digits), "\(topic.code) \(topic.title)") }
  }

  @Test func `the version names the content`() throws {
    let file = (name: "61.txt", text: "610910 T-shirts\n  names: tee\n")
    let one = try Knowledge(files: [file], words: "")
    let same = try Knowledge(files: [file], words: "")
    let other = try Knowledge(files: [(name: "61.txt", text: file.text + "  - kaos\n")], words: "")
    #expect(one.version == same.version)
    #expect(one.version != other.version)
    #expect(one.version.utf8.count == 64)
  }

  @Test(arguments: [
    ("61091 T-shirts\n", "61.txt:1: does not start with a code of two, four or six digits"),
    ("tees\n", "61.txt:1: does not start with a code of two, four or six digits"),
    ("6109 T-shirts\n  - plain tee\n", "61.txt:2: is an example of 6109, which is no full code"),
    ("610910 T-shirts\n  not: vest => other\n", "61.txt:2: 'not' has no code after =>"),
    ("610910 T-shirts\n  not: => 610990\n", "61.txt:2: 'not' names no phrase"),
    ("610910 T-shirts\n  ask: Of cotton?\n", "61.txt:2: 'ask' has no answers"),
    ("610910 T-shirts\n  ask: Of cotton? | yes => 610910\n", "61.txt:2: 'ask' needs two answers"),
    ("610910 T-shirts\n  ask: Of cotton? | yes => 610910 | no\n", "61.txt:2: the answer 'no' has no code after =>"),
    ("6109 Tees\n6109 Tees\n", "61.txt: 6109 stands twice"),
    ("610910\n", "61.txt:1: has no title"),
    ("  - lost example\n", "61.txt:1: belongs to no code"),
    ("610910 T-shirts\n  colour: red\n", "61.txt:2: has the unknown field 'colour'"),
    ("610910 T-shirts\n\n  frequency: hourly\n", "61.txt:3: frequency is daily, common or rare"),
    ("610910 T-shirts\n610910 Tees\n", "61.txt: 610910 stands twice"),
  ])
  func `a mistake in a chapter file is named with its line`(text: String, problem: String) {
    let error = #expect(throws: KnowledgeError.self) {
      try Knowledge(files: [(name: "61.txt", text: text)], words: "")
    }
    #expect(error?.description == problem)
  }

  @Test func `a missing directory is an error that names it`() {
    let error = #expect(throws: KnowledgeError.self) { try Knowledge.load(directory: "/nowhere") }
    #expect(error?.description == "/nowhere/chapters: No such file or directory")
  }
}

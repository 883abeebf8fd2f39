import ClassifierEngine
import Domain
import Testing

struct KnowledgeTests {
  private let topics = SharedModel.knowledge.topics

  @Test func `every code has six digits and stands once`() {
    for topic in topics { #expect(topic.code.digits.utf8.count == 6, "\(topic.code)") }
    #expect(Set(topics.map(\.code)).count == topics.count)
  }

  @Test func `every code has a title, names, a deciding note and at least six examples`() {
    for topic in topics {
      #expect(!topic.title.isEmpty, "\(topic.code)")
      #expect(!topic.names.isEmpty, "\(topic.code)")
      #expect(!topic.note.isEmpty, "\(topic.code)")
      #expect(topic.examples.count >= 6, "\(topic.code)")
    }
  }

  @Test func `no example stands twice, even in other case and order`() {
    var seen: [[String]: HSCode] = [:]
    for topic in topics {
      for example in topic.examples {
        let key = example.lowercased().split(separator: " ").map(String.init).sorted()
        if let other = seen[key] { Issue.record("'\(example)' stands under \(other) and \(topic.code)") }
        seen[key] = topic.code
      }
    }
  }

  @Test func `every chapter file holds its chapter's codes in order`() throws {
    for topic in Set(topics.map(\.code.chapter)).sorted() {
      let codes = topics.map(\.code).filter { $0.chapter == topic }
      let text = try SharedData.read(SharedModel.directory + "/chapters/\(topic).txt")
      let written = text.split(separator: "\n").filter { $0.first?.isNumber == true }.map { String($0.prefix(6)) }
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
    ("61 T-shirts\n", "61.txt:1: does not start with a code of six digits"),
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

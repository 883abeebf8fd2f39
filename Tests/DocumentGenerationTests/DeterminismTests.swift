import Testing

@testable import DocumentGenerationEngine

@Suite struct DeterminismTests {
  @Test("the same input gives the same bytes, on any thread and whatever was made before")
  func concurrent() async throws {
    let expected = try DocumentSet.generate(Example.demanding)
    try await withThrowingTaskGroup(of: [GeneratedDocument].self) { group in
      for index in 0..<16 {
        group.addTask {
          _ = try DocumentSet.generate(index % 2 == 0 ? Example.everyScript : Example.sandboxDraft)
          return try DocumentSet.generate(Example.demanding)
        }
      }
      for try await documents in group { #expect(documents == expected) }
    }
  }

  @Test("two processes give the same bytes")
  func processes() async throws {
    var hashes: Set<String> = []
    for _ in 0..<2 {
      let result = try await #require(processExitsWith: .success, observing: [\.standardOutputContent]) {
        for document in try DocumentSet.generate(Example.demanding) { print("made", document.sha256) }
      }
      let lines = String(decoding: result.standardOutputContent, as: UTF8.self).split(separator: "\n")
      hashes.insert(lines.filter { $0.hasPrefix("made") }.joined(separator: "\n"))
    }
    #expect(hashes.count == 1)
    #expect(hashes.first?.split(separator: "\n").count == 4)
  }

  @Test("the PDF is dated by the input, not by the clock")
  func creationDate() throws {
    let document = try #require(try Example.pdf(.commercialInvoice, Example.demanding))
    let text = String(decoding: document.bytes, as: UTF8.self)
    let isDated = text.contains("/CreationDate (D:20260302031500Z)")
    #expect(isDated)
    let isModified = text.contains("/ModDate")
    #expect(!isModified)
  }

  @Test("two hundred documents leave no memory behind")
  func memory() async throws {
    await #expect(processExitsWith: .success) {
      let input = Example.demanding
      for _ in 0..<10 { _ = try DocumentSet.generate(input) }
      let before = ResidentMemory.kibibytes
      for _ in 0..<50 { _ = try DocumentSet.generate(input) }
      let grown = ResidentMemory.kibibytes - before
      precondition(grown < 2048, "resident memory grew by \(grown) KiB")
    }
  }
}

import Foundation
import Testing

@testable import DocumentGenerationEngine

@Suite struct TextExtractionTests {
  @Test("show")
  func show() throws {
    for (name, input) in [
      ("scripts", Example.everyScript), ("demanding", Example.demanding), ("sandbox", Example.sandboxDraft),
    ] {
      for document in try DocumentSet.generate(input) {
        try Data(document.bytes).write(to: URL(fileURLWithPath: "/tmp/documents/\(name)-\(document.name)"))
        print(document.name, document.bytes.count, document.sha256)
      }
    }
  }
}

import Domain
import Testing
import WritebackEngine

@Suite struct CompareAndSetTests {
  private static let old = HSCode("610910")!
  private static let wanted = HSCode("61091000")!
  private static let foreign = HSCode("420222")!

  enum Expected: Sendable { case write, skip, conflict }

  @Test(
    arguments: [
      (RecordedValue(code: nil), nil, nil, Expected.write),
      (.init(code: old), nil, old, .write),
      (.init(code: old), nil, nil, .conflict),
      (.init(code: foreign), nil, old, .conflict),
      (.init(code: wanted), nil, nil, .skip),
      (.init(code: wanted, version: "9"), RecordedValue(code: old, version: "7"), nil, .skip),
      (.init(code: old), .init(code: old), nil, .write),
      (.init(code: old, version: "7"), .init(code: old, version: "7"), nil, .write),
      (.init(code: old, version: "8"), .init(code: old, version: "7"), nil, .conflict),
      (.init(code: old, version: "8"), .init(code: old), nil, .write),
      (.init(code: foreign, version: "7"), .init(code: old, version: "7"), nil, .conflict),
      (.init(code: nil), .init(code: old), nil, .conflict),
      (.init(code: foreign), .init(code: old), foreign, .conflict),
    ] as [(RecordedValue, RecordedValue?, HSCode?, Expected)])
  func `what the ERP changed is never overwritten`(
    held: RecordedValue, lastWritten: RecordedValue?, supplied: HSCode?, expected: Expected
  ) {
    let verdict = CompareAndSet.decide(wanted: Self.wanted, held: held, lastWritten: lastWritten, supplied: supplied)
    switch (verdict, expected) {
    case (.write(let condition), .write): #expect(condition == held)
    case (.skip, .skip): break
    case (.conflict(let conflict), .conflict):
      #expect(conflict.held == held && conflict.wanted == Self.wanted && conflict.lastWritten == lastWritten)
      #expect(conflict.reason.hasSuffix("."))
    default: Issue.record("\(verdict)")
    }
  }
}

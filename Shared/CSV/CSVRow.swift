/// One row: the cells' bytes end to end, and where each ends. Text is made only of the cells that are asked for.
public struct CSVRow: Sendable {
  public internal(set) var startLine = 0
  /// Why the row cannot be trusted, when it is malformed.
  public private(set) var problem: String?
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  var endsWithDelimiter = false

  public var count: Int { ends.count }

  public func isEmpty(_ index: Int) -> Bool { range(index).isEmpty }

  /// nil when the bytes are not UTF-8.
  public func text(_ index: Int) -> String? {
    let range = range(index)
    return bytes.withUnsafeBufferPointer { String(validating: $0[range], as: UTF8.self) }
  }

  public var texts: [String?] { (0..<count).map(text) }

  /// With a replacement character for what is not UTF-8.
  public var repairedTexts: [String] {
    bytes.withUnsafeBufferPointer { bytes in
      (0..<count).map { String(decoding: UnsafeBufferPointer(rebasing: bytes[range($0)]), as: UTF8.self) }
    }
  }

  private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  var openCellBytes: Int { bytes.count - (ends.last ?? 0) }

  mutating func append(_ slice: ArraySlice<UInt8>) { bytes.append(contentsOf: slice) }

  mutating func endCell() {
    ends.append(bytes.count)
    endsWithDelimiter = false
  }

  mutating func dropOpenCell() {
    bytes.removeLast(openCellBytes)
    endsWithDelimiter = false
  }

  mutating func note(_ text: String) { if problem == nil { problem = text } }

  mutating func reset(startLine: Int) {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    problem = nil
    endsWithDelimiter = false
    self.startLine = startLine
  }
}

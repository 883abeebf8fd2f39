/// What is another in the second of two texts, line by line.
struct LineDifference: Sendable {
  enum Line: Hashable, Sendable {
    case same(String)
    case removed(String)
    case added(String)
  }

  let lines: [Line]

  /// The longest lines in common stay; a table of all pairs is small for what people write by hand.
  init(_ before: [String], _ after: [String]) {
    var common = [[Int32]](repeating: [Int32](repeating: 0, count: after.count + 1), count: before.count + 1)
    for i in before.indices.reversed() {
      for j in after.indices.reversed() {
        common[i][j] =
          before[i] == after[j] ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < before.count || j < after.count {
      if i < before.count, j < after.count, before[i] == after[j] {
        lines.append(.same(before[i]))
        (i, j) = (i + 1, j + 1)
      } else if j == after.count || (i < before.count && common[i + 1][j] >= common[i][j + 1]) {
        lines.append(.removed(before[i]))
        i += 1
      } else {
        lines.append(.added(after[j]))
        j += 1
      }
    }
    self.lines = lines
  }

  var isEmpty: Bool { lines.allSatisfy { if case .same = $0 { true } else { false } } }

  /// What changed, with so many lines around it.
  func excerpt(around margin: Int = 3) -> [Line] {
    let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
    var shown = Set<Int>()
    for index in changed { shown.formUnion(max(0, index - margin)...min(lines.count - 1, index + margin)) }
    return shown.sorted().map { lines[$0] }
  }
}

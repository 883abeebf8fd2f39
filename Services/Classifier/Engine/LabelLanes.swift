/// Some labels, each in lanes of its own, to gather what rows of weights hold for them.
struct LabelLanes {
  /// By label: which of the masks is its own.
  private(set) var maskOfLabel: [UInt8]
  /// One in the lanes of a label, zero elsewhere; the first is of the labels that stand in none.
  private(set) var masks: [SIMD8<Float>] = [.zero]

  init(labelCount: Int) { maskOfLabel = [UInt8](repeating: 0, count: labelCount) }

  /// A label may stand in several lanes.
  mutating func add(_ label: Int, lane: Int) {
    if maskOfLabel[label] == 0 {
      maskOfLabel[label] = UInt8(masks.count)
      masks.append(.zero)
    }
    masks[Int(maskOfLabel[label])][lane] = 1
  }
}

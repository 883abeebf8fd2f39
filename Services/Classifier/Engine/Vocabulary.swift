/// Feature hash → index, by open addressing in one flat array. Indices follow the order of first sight.
struct Vocabulary: Sendable {
  private(set) var count = 0
  private var slots: [UInt32]
  private var indices: [Int32]
  private var mask: Int

  init(expecting expected: Int = 512) {
    var size = 1024
    while size < expected * 2 { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
    indices = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  private init(size: Int) {
    slots = [UInt32](repeating: 0, count: size)
    indices = [Int32](repeating: -1, count: size)
    mask = size - 1
  }

  func index(of hash: UInt32) -> Int32? {
    let index = indices[slot(of: hash)]
    return index < 0 ? nil : index
  }

  mutating func insert(_ hash: UInt32) -> Int32 {
    let slot = slot(of: hash)
    if indices[slot] >= 0 { return indices[slot] }
    if (count + 1) * 2 > slots.count {
      grow()
      return insert(hash)
    }
    slots[slot] = hash
    indices[slot] = Int32(count)
    count += 1
    return Int32(count - 1)
  }

  private func slot(of hash: UInt32) -> Int {
    var slot = Int(truncatingIfNeeded: (UInt64(hash) &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
    while indices[slot] >= 0, slots[slot] != hash { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() { self = renumbered(size: slots.count * 2) { $0 } }

  /// The same with other indices; those without one are dropped.
  func renumbered(_ place: (Int32) -> Int32?) -> Vocabulary {
    var kept = 0
    for index in indices where index >= 0 && place(index) != nil { kept += 1 }
    var size = 1024
    while size < kept * 2 { size *= 2 }
    return renumbered(size: size, place)
  }

  private func renumbered(size: Int, _ place: (Int32) -> Int32?) -> Vocabulary {
    var result = Vocabulary(size: size)
    for old in slots.indices where indices[old] >= 0 {
      guard let index = place(indices[old]) else { continue }
      let slot = result.slot(of: slots[old])
      result.slots[slot] = slots[old]
      result.indices[slot] = index
      result.count += 1
    }
    return result
  }
}

/// Feature hash → index, by open addressing in one flat array.
struct Vocabulary: Sendable {
  private(set) var count: Int
  private let slots: [UInt32]
  private let indices: [Int32]
  private let mask: Int

  /// Indices follow the order of the hashes, so that they depend on nothing else.
  init(_ hashes: [UInt32]) {
    let sorted = hashes.sorted()
    var size = 1024
    while size < sorted.count * 2 { size *= 2 }
    mask = size - 1
    var slots = [UInt32](repeating: 0, count: size)
    var indices = [Int32](repeating: -1, count: size)
    var next: Int32 = 0
    var last: UInt32?
    for hash in sorted where hash != last {
      last = hash
      var slot = Int(hash) & mask
      while indices[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = hash
      indices[slot] = next
      next += 1
    }
    count = Int(next)
    self.slots = slots
    self.indices = indices
  }

  func index(of hash: UInt32) -> Int32? {
    var slot = Int(hash) & mask
    while indices[slot] >= 0 {
      if slots[slot] == hash { return indices[slot] }
      slot = (slot + 1) & mask
    }
    return nil
  }
}

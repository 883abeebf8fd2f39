/// Feature hash → index, by open addressing in one flat array. Indices follow the order of first sight.
struct Vocabulary: Sendable {
  private(set) var count = 0
  private var slots: [Slot]
  private var mask: Int

  private struct Slot: Sendable {
    var hash: UInt32
    /// Negative in a free one.
    var index: Int32
  }

  init(expecting expected: Int = 512) {
    var size = 1024
    while size < expected * 2 { size *= 2 }
    self.init(size: size)
  }

  private init(size: Int) {
    slots = [Slot](repeating: Slot(hash: 0, index: -1), count: size)
    mask = size - 1
  }

  func index(of hash: UInt32) -> Int32? {
    let index = slots[slot(of: hash)].index
    return index < 0 ? nil : index
  }

  mutating func insert(_ hash: UInt32) -> Int32 {
    let slot = slot(of: hash)
    if slots[slot].index >= 0 { return slots[slot].index }
    if (count + 1) * 2 > slots.count {
      grow()
      return insert(hash)
    }
    slots[slot] = Slot(hash: hash, index: Int32(count))
    count += 1
    return Int32(count - 1)
  }

  private func slot(of hash: UInt32) -> Int {
    slots.withUnsafeBufferPointer { slots in
      var slot = Int(truncatingIfNeeded: (UInt64(hash) &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
      while slots[slot].index >= 0, slots[slot].hash != hash { slot = (slot + 1) & mask }
      return slot
    }
  }

  /// By index.
  var hashes: [UInt32] {
    var hashes = [UInt32](repeating: 0, count: count)
    for slot in slots where slot.index >= 0 { hashes[Int(slot.index)] = slot.hash }
    return hashes
  }

  private mutating func grow() {
    var larger = Vocabulary(size: slots.count * 2)
    for slot in slots where slot.index >= 0 { larger.slots[larger.slot(of: slot.hash)] = slot }
    larger.count = count
    self = larger
  }
}

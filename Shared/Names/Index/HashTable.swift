/// Numbers by a 64-bit key: sorted once, then searched by halving. Far smaller than a dictionary of arrays.
struct HashTable: Sendable {
  private var keys: [UInt64] = []
  private var values: [Int32] = []

  init(_ entries: [(UInt64, Int32)]) {
    let sorted = entries.sorted { $0 < $1 }
    keys.reserveCapacity(sorted.count)
    values.reserveCapacity(sorted.count)
    for (key, value) in sorted where keys.last != key || values.last != value {
      keys.append(key)
      values.append(value)
    }
  }

  func values(of key: UInt64) -> ArraySlice<Int32> {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < keys.count, keys[end] == key { end += 1 }
    return values[low..<end]
  }

  /// FNV-1a
  static func key(_ bytes: some Sequence<UInt8>, salt: UInt8) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(salt)
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }
}

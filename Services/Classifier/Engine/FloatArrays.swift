/// What is done with a number for each code, some dozen times for each product.
extension [Float] {
  /// One of each, place by place.
  func merged(with other: [Float], _ merge: (Float, Float) -> Float) -> [Float] {
    precondition(count == other.count)
    return withUnsafeBufferPointer { own in
      other.withUnsafeBufferPointer { other in
        [Float](unsafeUninitializedCapacity: own.count) { result, count in
          count = own.count
          for place in own.indices { result[place] = merge(own[place], other[place]) }
        }
      }
    }
  }

  /// The largest of all; nil of none.
  var largest: Float? {
    withUnsafeBytes { bytes in
      let lanes = SIMD8<Float>.scalarCount
      var largest = SIMD8<Float>(repeating: -.infinity)
      for place in 0..<count / lanes {
        let next = bytes.loadUnaligned(fromByteOffset: place * MemoryLayout<SIMD8<Float>>.size, as: SIMD8<Float>.self)
        largest.replace(with: next, where: next .> largest)
      }
      return isEmpty ? nil : self[(count - count % lanes)...].reduce(largest.max()) { Swift.max($0, $1) }
    }
  }

  /// The places of the largest, the largest first; of equals the earlier.
  func places(ofLargest most: Int) -> [Int] {
    var best: [Int] = []
    withUnsafeBufferPointer { own in
      var least = -Float.infinity
      for place in own.indices where own[place] > least || best.count < most {
        let rank = best.firstIndex { own[place] > own[$0] } ?? best.count
        best.insert(place, at: rank)
        if best.count > most { best.removeLast() }
        if best.count == most { least = own[best[most - 1]] }
      }
    }
    return best
  }
}

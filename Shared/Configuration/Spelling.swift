extension String {
  /// The candidate that this was most likely meant to be, if any is near.
  func nearest(among candidates: some Sequence<String>) -> String? {
    let limit = Swift.max(2, count / 4)
    let near = candidates.map { (name: $0, distance: editDistance(to: $0)) }.filter { $0.distance <= limit }
    return near.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// Insertions, deletions and substitutions between the two (Levenshtein).
  private func editDistance(to other: String) -> Int {
    let target = Array(other.utf8)
    var row = Array(0...target.count)
    for (i, character) in utf8.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in target.indices {
        let substitution = diagonal + (character == target[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(substitution, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[target.count]
  }
}

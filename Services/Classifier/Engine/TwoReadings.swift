/// What a listing's title says and what all of it says, side by side: the weights are walked once for both. A listing
/// of a title alone has the first of the two alone.
struct TwoReadings {
  struct Item {
    var feature: Int32
    var strengths: SIMD2<Float>
  }

  let count: Int
  private(set) var items: [Item]

  init(_ only: [CodeScorer.Known]) {
    count = 1
    items = only.map { Item(feature: $0.feature, strengths: [$0.strength, 0]) }
  }

  /// - Parameter title: its features are among those of the whole, in the same order.
  init(title: [CodeScorer.Known], whole: [CodeScorer.Known]) {
    count = 2
    var next = 0
    items = whole.map { item in
      guard next < title.count, title[next].feature == item.feature else {
        return Item(feature: item.feature, strengths: [0, item.strength])
      }
      defer { next += 1 }
      return Item(feature: item.feature, strengths: [title[next].strength, item.strength])
    }
  }
}

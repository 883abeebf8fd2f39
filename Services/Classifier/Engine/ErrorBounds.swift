import Glibc

/// What answers held back prove about those to come: of all that are at least this confident, what share is wrong at
/// most, by nine chances in ten. Chapters with answers enough prove it for themselves.
struct ErrorBounds: Sendable {
  struct Outcome: Sendable {
    var confidence: Double
    var isRight: Bool
    var chapter: String
  }

  private let whole: Steps
  private let chapters: [String: Steps]

  private static let chapterLeast = 400

  init(_ outcomes: [Outcome]) {
    whole = Steps(outcomes)
    chapters = Dictionary(grouping: outcomes, by: \.chapter)
      .filter { $0.value.count >= ErrorBounds.chapterLeast }.mapValues { Steps($0) }
  }

  /// nil where the answers held back prove nothing of answers so unsure.
  func bound(confidence: Double, chapter: String) -> Double? {
    // The model that answers has learnt from all of the history, and is surer or less sure by a hair.
    (chapters[chapter] ?? whole).bound(confidence + 0.002)
  }

  /// Bounds at some thresholds, the highest first.
  private struct Steps: Sendable {
    private var thresholds: [Double] = []
    private var bounds: [Double] = []

    private static let count = 40
    private static let least = 40

    init(_ outcomes: [Outcome]) {
      let sorted = outcomes.sorted { ($0.confidence, $0.isRight ? 0 : 1) > ($1.confidence, $1.isRight ? 0 : 1) }
      let size = max(Steps.least, sorted.count / Steps.count)
      var wrong = 0
      var next = size
      for (place, outcome) in sorted.enumerated() {
        if !outcome.isRight { wrong += 1 }
        let isEnd = place + 1 == sorted.count || sorted[place + 1].confidence < outcome.confidence
        guard isEnd, place + 1 >= next else { continue }
        next = place + 1 + size
        thresholds.append(outcome.confidence)
        bounds.append(Binomial.upperBound(wrong: wrong, of: place + 1))
      }
      // Who clears from a lower threshold clears what is above it too.
      for step in bounds.indices.dropLast().reversed() { bounds[step] = min(bounds[step], bounds[step + 1]) }
    }

    func bound(_ confidence: Double) -> Double? {
      zip(thresholds, bounds).first { confidence >= $0.0 }?.1
    }
  }
}

enum Binomial {
  private static let chance = 0.1

  /// The share of wrong ones beyond which so few would be found only one time in ten (Clopper and Pearson).
  static func upperBound(wrong: Int, of count: Int) -> Double {
    guard wrong < count else { return 1 }
    var (low, high) = (Double(wrong) / Double(count), 1.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if atMost(wrong, of: count, share: middle) > chance { low = middle } else { high = middle }
    }
    return high
  }

  /// The probability of at most so many among so many.
  static func atMost(_ most: Int, of count: Int, share: Double) -> Double {
    guard share > 0 else { return 1 }
    guard share < 1 else { return most >= count ? 1 : 0 }
    let (n, k) = (Double(count), Double(most))
    let choices = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    var term = exp(choices + k * log(share) + (n - k) * log(1 - share))
    var sum = term
    for item in stride(from: most, to: 0, by: -1) {
      term *= Double(item) * (1 - share) / (Double(count - item + 1) * share)
      sum += term
      if term < sum * 1e-12 { break }
    }
    return min(sum, 1)
  }
}

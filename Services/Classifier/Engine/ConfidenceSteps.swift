/// How sure the knowledge alone is said to be. It promises for listings of sellers it never met, and how well such a
/// promise carries over is known to some five in a hundred: a finer figure would say more than was ever counted. Where a
/// tenant's history, a precedent or the seller's own code speaks too, the finer figure is what they are weighed with.
enum ConfidenceSteps {
  /// From which probability on a step is said, and the mean of what falls there.
  private static let steps: [(from: Double, said: Double)] = [
    (0, 0.17), (0.25, 0.35), (0.45, 0.57), (0.7, 0.8), (0.9, 0.94),
  ]

  static func said(_ probability: Double) -> Double {
    steps.last { probability >= $0.from }?.said ?? probability
  }
}

import Domain

/// Whether what comes in, or what people make of it, is another than it was: the last week against the four before.
public struct Drift: Hashable, Sendable {
  public enum Subject: String, Sendable, CaseIterable {
    case vagueDescriptions = "vague-descriptions"
    case confidence
    case overrides

    var words: Phrase {
      switch self {
      case .vagueDescriptions: "Descriptions that are too vague"
      case .confidence: "Mean confidence of the best candidate"
      case .overrides: "Codes that people replaced"
      }
    }
  }

  /// A mean over so many.
  public struct Mean: Hashable, Sendable {
    public var value: Double
    public var count: Int64
    var variance: Double
  }

  public var subject: Subject
  /// nil of none.
  public var lately: Mean?
  public var before: Mean?

  /// So few say nothing, however much they differ.
  static let countMin: Int64 = 30
  /// Less does not matter, however certain it is.
  static let differenceMin = 0.03
  /// One in several hundred would be so far off by chance.
  private static let errorsMin = 3.0

  public var difference: Double? {
    guard let lately, let before else { return nil }
    return lately.value - before.value
  }

  public var isAlarm: Bool {
    guard let lately, let before, let difference, min(lately.count, before.count) >= Drift.countMin else {
      return false
    }
    let variance = lately.variance / Double(lately.count) + before.variance / Double(before.count)
    return abs(difference) >= Drift.differenceMin && abs(difference) >= Drift.errorsMin * variance.squareRoot()
  }

  var sentence: Phrase {
    guard let lately, let before, let difference else {
      return "\(subject.words): too little to compare yet."
    }
    let figures: Phrase =
      "\(Share.percent(lately.value)) in the last seven days, \(Share.percent(before.value)) in the four weeks before"
    guard isAlarm else { return "\(subject.words): \(figures)." }
    return difference > 0
      ? "\(subject.words) rose: \(figures). \(remedy)" : "\(subject.words) fell: \(figures). \(remedy)"
  }

  private var remedy: Phrase {
    switch subject {
    case .vagueDescriptions: "Look at which seller or category sends them."
    case .confidence: "Look at what is new in the catalogue, and at the knowledge of its chapters."
    case .overrides: "Look at the chapters below, and tell whoever keeps the knowledge."
    }
  }

  static func all(_ byDay: [DashboardFigure], today: CalendarDate) -> [Drift] {
    func range(_ days: ClosedRange<Int64>) -> [DashboardFigure] {
      byDay.filter { figure in figure.day.map { days.contains(today.daysSinceEpoch - $0.daysSinceEpoch) } ?? false }
    }
    let (lately, before) = (range(0...6), range(7...34))
    return Subject.allCases.map { Drift(subject: $0, lately: mean($0, lately), before: mean($0, before)) }
  }

  private static func mean(_ subject: Subject, _ figures: [DashboardFigure]) -> Mean? {
    switch subject {
    case .vagueDescriptions: share(figures, .description, of: "vague", among: ["vague", "clear"])
    case .overrides: share(figures, .decision, of: "overridden", among: ["overridden", "approved"])
    case .confidence: confidence(figures)
    }
  }

  private static func share(
    _ figures: [DashboardFigure], _ measure: DashboardFigure.Measure, of key: String, among keys: Set<String>
  ) -> Mean? {
    let counted = figures.filter { $0.measure == measure && keys.contains($0.key) }
    let part = counted.reduce(0) { $0 + ($1.key == key ? $1.count : 0) }
    guard let value = Share(part, of: counted.reduce(0) { $0 + $1.count }).value else { return nil }
    return Mean(value: value, count: counted.reduce(0) { $0 + $1.count }, variance: value * (1 - value))
  }

  /// Each tenth is taken for its mean, so that the spread within it is passed over.
  private static func confidence(_ figures: [DashboardFigure]) -> Mean? {
    let counted = figures.filter { $0.measure == .confidence && $0.count > 0 }
    let count = counted.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let value = Double(counted.reduce(0) { $0 + $1.total }) / 1_000_000 / Double(count)
    let squares = counted.reduce(0.0) { sum, figure in
      let mean = Double(figure.total) / 1_000_000 / Double(figure.count)
      return sum + Double(figure.count) * (mean - value) * (mean - value)
    }
    return Mean(value: value, count: count, variance: squares / Double(count))
  }
}

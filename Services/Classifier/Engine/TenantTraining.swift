import Crypto
import Domain
import Glibc

/// What a tenant's precedents can teach: of each product the newest that stands, the oldest first, so that the newest can
/// be held back to judge by. The same precedents make the same model.
public struct TenantTraining: Sendable {
  public let lessons: [Precedent]

  /// With fewer there is nothing to hold back and little to learn.
  public static let least = 100
  private static let heldBackMost = 1000

  /// - Parameter precedents: those that stand. Rulings are no decisions about the tenant's own goods and are not learnt, nor
  ///   is what was refused since.
  public init(_ precedents: [Precedent]) {
    var newest: [ProductDescription: Precedent] = [:]
    let refusals = Dictionary(grouping: precedents.filter { $0.outcome == .rejected }, by: \.description)
    for precedent in precedents where precedent.isLesson {
      let refused = refusals[precedent.description] ?? []
      if refused.contains(where: { $0.code == precedent.code && $0.supersedes(precedent) }) { continue }
      guard let known = newest[precedent.description] else {
        newest[precedent.description] = precedent
        continue
      }
      if (precedent.decidedAt, precedent.id) > (known.decidedAt, known.id) { newest[precedent.description] = precedent }
    }
    lessons = newest.values.sorted { ($0.decidedAt, $0.id) < ($1.decidedAt, $1.id) }
  }

  /// - Parameter lessons: as they were chosen when the model was trained.
  public init(lessons: [Precedent]) { self.lessons = lessons }

  public var contentHash: [UInt8] {
    SHA256.hash(
      lessons.map { lesson in
        [
          lesson.id.description, lesson.code.digits, lesson.description.title, lesson.description.category,
          lesson.description.attributes,
        ].joined(separator: "\u{1F}")
      }.joined(separator: "\u{1E}")
    ).bytes
  }

  public func model(on base: ClassificationModel) -> ClassificationModel {
    base.learning(from: lessons, hash: contentHash)
  }

  // MARK: Judging

  /// How a model did on precedents it had not seen.
  public struct Quality: Sendable, Hashable {
    public var right = 0
    /// How surely, on the whole, the right code was given: the mean logarithm of its confidence.
    public var logLikelihood = 0.0
    public var calibrationError = 0.0
  }

  public struct Contest: Sendable {
    public var heldBack: Int
    public var challenger: Quality
    public var champion: Quality

    /// More right answers; or as many, and given more surely.
    public var isWon: Bool {
      (challenger.right, challenger.logLikelihood) > (champion.right, champion.logLikelihood + 1e-9)
        && challenger.right >= champion.right
    }
  }

  /// The newest fifth is held back from both.
  /// - Parameter champion: what the model in force has learnt; nil where that is the knowledge alone.
  public func contest(with champion: TenantTraining?, on base: ClassificationModel) -> Contest {
    let heldBack = Array(lessons.suffix(min(lessons.count / 5, TenantTraining.heldBackMost)))
    let hidden = Set(heldBack.map(\.description))
    func quality(_ training: TenantTraining?) -> Quality {
      let seen = TenantTraining(lessons: training?.lessons.filter { !hidden.contains($0.description) } ?? [])
      return Quality(of: seen.lessons.isEmpty ? base : seen.model(on: base), on: heldBack)
    }
    return Contest(heldBack: heldBack.count, challenger: quality(self), champion: quality(champion))
  }
}

extension TenantTraining.Quality {
  fileprivate init(of model: ClassificationModel, on lessons: [Precedent]) {
    guard let market = lessons.first?.market else { return }
    let items = lessons.map { LabelledListing(product: $0.description.product(market: $0.market), code: $0.code) }
    for item in items {
      let answer = model.classify(item.product, market: market)
      if answer.best?.code.subheading == item.code.subheading { right += 1 }
      let given = answer.candidates.first { $0.code.subheading == item.code.subheading }
      logLikelihood += log(max(given?.confidence.probability ?? 0, 0.001)) / Double(items.count)
    }
    calibrationError = Evaluation(model: model, items: items, market: market).calibrationErrors[6] ?? 0
  }
}

extension Precedent {
  fileprivate var isLesson: Bool { source != .ruling && outcome != .rejected }
}

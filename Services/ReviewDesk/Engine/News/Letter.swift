import Domain

/// What a person is told by e-mail: of one case, or of several at once, in their own language.
public struct Letter: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public var happening: ReviewHappening
    public var subject: ReviewNews.Subject
    public var link: String?

    public init(_ happening: ReviewHappening, _ subject: ReviewNews.Subject, link: String?) {
      self.happening = happening
      self.subject = subject
      self.link = link
    }
  }

  public static let itemsMax = 50

  public let subject: String
  public let text: String
  public let language: Language

  /// - Parameters:
  ///   - items: at least one; the gravest first.
  ///   - queue: the address of the queue's page, where the desk knows its own.
  public init(to name: String, _ items: [Item], isDigest: Bool, language: Language, queue: String?) {
    self.language = language
    let shown = items.prefix(Letter.itemsMax)
    subject = Letter.oneLine(Letter.subject(items, isDigest: isDigest).text(in: language))
    var lines: [Phrase] = ["Hello \(name),", ""]
    lines.append(isDigest ? "These cases wait for you:" : "This needs you now:")
    for item in shown { lines += ["", "\(item.happening.words): \(Letter.oneLine(item.subject.title))"] + item.facts }
    if items.count > shown.count { lines += ["", "And \(items.count - shown.count) more."] }
    if let queue { lines += ["", "The queue: \(queue)"] }
    lines += ["", "You choose on your account page which letters you get."]
    text = lines.map { $0.text(in: language) }.joined(separator: "\n") + "\n"
  }

  private static func subject(_ items: [Item], isDigest: Bool) -> Phrase {
    guard let first = items.first, items.count == 1 else {
      return isDigest ? "\(items.count) cases wait for you" : "\(items.count) cases need you now"
    }
    return "\(first.happening.words): \(first.subject.sku) (\(first.subject.market.code))"
  }

  /// What sellers write must not look like lines of ours, nor turn the direction of what follows it.
  public static func oneLine(_ text: String) -> String {
    let isPlain = { (scalar: Unicode.Scalar) in
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0, 0x2028...0x2029, 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: false
      default: true
      }
    }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : " " }))
  }
}

extension Letter.Item {
  fileprivate var facts: [Phrase] {
    var facts: [Phrase] = ["\(Letter.oneLine(subject.sku)), market \(subject.market.code), risk \(subject.riskScore)"]
    if let reason = subject.reason { facts.append("Why it waits: \(Letter.oneLine(reason))") }
    if let link { facts.append(.verbatim(link)) }
    return facts
  }
}

extension ReviewHappening {
  var words: Phrase {
    switch self {
    case .held: "A new case"
    case .screenedAgain: "Screened again"
    case .claimed: "Taken in hand"
    case .released: "Let go"
    case .skipped: "Skipped"
    case .snoozed: "Put off"
    case .assigned: "Given to you"
    case .escalated: "Escalated"
    case .firstOpinion: "One of two people decided"
    case .opinionsDiffer: "Two people decided differently"
    case .informationRequested: "The supplier was asked"
    case .informationReceived: "The supplier answered"
    case .decisionGiven: "A decision was given"
    case .decisionUndone: "A decision was taken back"
    case .decisionDropped: "Your decision was dropped: the case had changed"
    case .decided: "Decided"
    case .superseded: "A newer revision took its place"
    case .deliveryFailed: "The outcome could not be delivered"
    }
  }
}

import Domain

/// One six-digit code, in our own words.
public struct Topic: Sendable, Hashable {
  /// How often sellers ship it; a weak prior, so that the common reading of a short title wins.
  public enum Frequency: String, Sendable, CaseIterable {
    case daily, common, rare

    var share: Float {
      switch self {
      case .daily: 1
      case .common: 0.5
      case .rare: 0
      }
    }
  }

  public var code: HSCode
  public var title: String
  public var frequency = Frequency.rare
  /// What sellers call it, in any language.
  public var names: [String] = []
  public var guidance = Guidance()
  /// Listings as sellers write them; attributes and category in brackets at the end.
  public var examples: [String] {
    get { ChapterFile.examples(exampleLines) }
    set { exampleLines = newValue.map { "- \($0)\n" }.joined()[...] }
  }
  /// As they stand in the file, whose text they share: there are too many to keep each by itself.
  var exampleLines: Substring = ""

  public init(code: HSCode, title: String) {
    self.code = code
    self.title = title
  }

  /// What is left to show once its texts have been learnt.
  var withoutTexts: Topic {
    var topic = self
    topic.names = []
    topic.exampleLines = ""
    topic.guidance.exclusions = []
    return topic
  }
}

/// A chapter or heading: what its codes have in common.
public struct Section: Sendable, Hashable {
  public var code: HSCode
  public var title: String
  public var names: [String] = []
  public var guidance = Guidance()

  public init(code: HSCode, title: String) {
    self.code = code
    self.title = title
  }
}

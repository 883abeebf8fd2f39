import Domain

/// A chapter, heading or code, with what decides in and around it.
public struct CodeEntry: Sendable {
  public struct Exclusion: Hashable, Sendable {
    public var phrases: [String]
    public var codes: [HSCode]
    public var rule: String

    public init(phrases: [String], codes: [HSCode], rule: String) {
      self.phrases = phrases
      self.codes = codes
      self.rule = rule
    }
  }

  public struct Question: Hashable, Sendable {
    public var text: String
    public var answers: [(text: String, codes: [HSCode])]

    public init(text: String, answers: [(text: String, codes: [HSCode])]) {
      self.text = text
      self.answers = answers
    }

    public static func == (left: Question, right: Question) -> Bool {
      left.text == right.text && left.answers.map(\.text) == right.answers.map(\.text)
        && left.answers.map(\.codes) == right.answers.map(\.codes)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
  }

  /// What one market declares and charges.
  public struct National: Hashable, Sendable {
    public var market: Market
    public var lines: [Line]

    public struct Line: Hashable, Sendable {
      public var code: HSCode
      /// In words; nil where it is not known.
      public var duty: String?
      public var source: String?

      public init(code: HSCode, duty: String?, source: String?) {
        self.code = code
        self.duty = duty
        self.source = source
      }
    }

    public init(market: Market, lines: [Line]) {
      self.market = market
      self.lines = lines
    }
  }

  /// How often sellers ship it.
  public enum Frequency: String, Sendable { case daily, common, rare }

  public var code: HSCode
  public var title: String
  /// nil of chapters and headings.
  public var frequency: Frequency?
  public var names: [String] = []
  public var notes: [String] = []
  public var exclusions: [Exclusion] = []
  public var questions: [Question] = []
  public var examples: [String] = []
  /// Those around it, the widest first.
  public var parents: [CodeSummary] = []
  public var children: [CodeSummary] = []
  public var national: [National] = []

  public init(code: HSCode, title: String) {
    self.code = code
    self.title = title
  }
}

public struct CodeSummary: Hashable, Sendable {
  public var code: HSCode
  public var title: String
  public var frequency: CodeEntry.Frequency?

  public init(code: HSCode, title: String, frequency: CodeEntry.Frequency? = nil) {
    self.code = code
    self.title = title
    self.frequency = frequency
  }
}

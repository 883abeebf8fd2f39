import JSON

/// What a code of one edition of the Harmonised System is in another.
public struct HSConversion: Hashable, Sendable {
  /// Asked where a code became several.
  public struct Question: Hashable, Sendable {
    public struct Answer: Hashable, Sendable {
      public var text: String
      public var code: HSCode

      public init(_ text: String, _ code: HSCode) {
        self.text = text
        self.code = code
      }
    }

    /// The code that became several.
    public var about: HSCode
    public var text: String
    public var answers: [Answer]

    public init(about: HSCode, text: String, answers: [Answer]) {
      self.about = about
      self.text = text
      self.answers = answers
    }

    /// `Does it run apps? yes → 8517.13; no → 8517.14`
    public var line: String {
      "\(text) \(answers.map { "\($0.text) → \($0.code.dotted)" }.joined(separator: "; "))"
    }
  }

  /// As it was given, national digits included.
  public var code: HSCode
  public var from: HSEdition
  public var to: HSEdition
  /// Six digits each: what it is, or may be.
  public var codes: [HSCode]
  /// In the order to ask them. Where two editions follow one another, an answer to the first may lead to the second.
  public var questions: [Question]
  /// There are codes besides that the tables do not list.
  public var hasOthers: Bool

  public init(
    code: HSCode, from: HSEdition, to: HSEdition, codes: [HSCode], questions: [Question] = [], hasOthers: Bool = false
  ) {
    self.code = code
    self.from = from
    self.to = to
    self.codes = codes
    self.questions = questions
    self.hasOthers = hasOthers
  }

  /// The one code that it is.
  public var certain: HSCode? { codes.count == 1 && !hasOthers ? codes[0] : nil }
  /// Only six digits are shared by all countries: these are to be confirmed.
  public var nationalDigits: String { String(code.digits.dropFirst(6)) }
}

extension HSConversion: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      code: try json.decode(HSCode.self, "code"), from: try json.decode(HSEdition.self, "from"),
      to: try json.decode(HSEdition.self, "to"), codes: try json.list(HSCode.self, "codes"),
      questions: try json.list(Question.self, "questions"), hasOthers: try json.bool("hasOthers"))
  }

  public var json: JSONValue {
    [
      "code": code.json, "from": from.json, "to": to.json, "codes": .list(codes), "questions": .list(questions),
      "hasOthers": .bool(hasOthers),
    ]
  }
}

extension HSConversion.Question: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      about: try json.decode(HSCode.self, "about"), text: try json.string("text"),
      answers: try json.list(Answer.self, "answers"))
  }

  public var json: JSONValue { ["about": about.json, "text": .string(text), "answers": .list(answers)] }
}

extension HSConversion.Question.Answer: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(try json.string("text"), try json.decode(HSCode.self, "code"))
  }

  public var json: JSONValue { ["text": .string(text), "code": code.json] }
}

extension HSEdition: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("the year of an edition, such as 2022") { $0.stringValue.flatMap { HSEdition($0) } }
  }

  public var json: JSONValue { .string("\(year)") }
}

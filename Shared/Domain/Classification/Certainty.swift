import JSON

/// What can be promised about one answer beyond its first code, each calibrated on texts that the model had not seen.
public struct Certainty: Hashable, Sendable {
  /// That the first candidate's chapter and heading are right.
  public var chapter: Confidence
  public var heading: Confidence
  /// That the right code is among the first two, three, five candidates.
  public var amongTwo: Confidence
  public var amongThree: Confidence
  public var amongFive: Confidence
  /// Of all answers at least as sure, no more than this share is wrong, by nine chances in ten. Absent where too
  /// few decisions were held back to prove anything.
  public var errorBound: Confidence?

  public init(
    chapter: Confidence, heading: Confidence, amongTwo: Confidence, amongThree: Confidence, amongFive: Confidence,
    errorBound: Confidence? = nil
  ) {
    self.chapter = chapter
    self.heading = heading
    self.amongTwo = amongTwo
    self.amongThree = amongThree
    self.amongFive = amongFive
    self.errorBound = errorBound
  }

  /// The fewest first candidates among which the right code is with this confidence.
  public func smallestSet(with sureness: Confidence, first: Confidence) -> Int? {
    [(1, first), (2, amongTwo), (3, amongThree), (5, amongFive)].first { $0.1 >= sureness }?.0
  }
}

extension Certainty: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      chapter: try json.decode(Confidence.self, "chapter"), heading: try json.decode(Confidence.self, "heading"),
      amongTwo: try json.decode(Confidence.self, "amongTwo"),
      amongThree: try json.decode(Confidence.self, "amongThree"),
      amongFive: try json.decode(Confidence.self, "amongFive"),
      errorBound: try json.optional(Confidence.self, "errorBound"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("chapter", chapter.json), ("heading", heading.json), ("amongTwo", amongTwo.json),
      ("amongThree", amongThree.json), ("amongFive", amongFive.json),
    ])
    object.set("errorBound", errorBound?.json)
    return .object(object)
  }
}

import JSON

/// One code the product may have, how likely it is, and what speaks for it.
public struct Candidate: Hashable, Sendable {
  public var code: HSCode
  public var title: String
  public var confidence: Confidence
  public var evidence: [ClassificationEvidence]

  public init(code: HSCode, title: String, confidence: Confidence, evidence: [ClassificationEvidence] = []) {
    self.code = code
    self.title = title
    self.confidence = confidence
    self.evidence = evidence
  }
}

/// A reason a broker can check: words that spoke for or against, a precedent, a note that decides.
public struct ClassificationEvidence: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case wordFor, wordAgainst, precedent, note, rule, suppliedCode, question, secondOpinion
  }

  public var kind: Kind
  public var text: String
  /// Where it can be looked up: a precedent's id, a note's number.
  public var reference: String?
  /// Share of the score, in millionths, where the engine can say.
  public var weight: Int32?

  public init(kind: Kind, text: String, reference: String? = nil, weight: Int32? = nil) {
    self.kind = kind
    self.text = text
    self.reference = reference
    self.weight = weight
  }
}

extension Candidate: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      code: try json.decode(HSCode.self, "code"), title: try json.string("title"),
      confidence: try json.decode(Confidence.self, "confidence"),
      evidence: try json.list(ClassificationEvidence.self, "evidence"))
  }

  public var json: JSONValue {
    ["code": code.json, "title": .string(title), "confidence": confidence.json, "evidence": .list(evidence)]
  }
}

extension ClassificationEvidence: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      kind: try json.required("kind").decode("a kind of evidence") { $0.stringValue.flatMap { Kind(rawValue: $0) } },
      text: try json.string("text"), reference: try json.optionalString("reference"),
      weight: try json.optionalInteger("weight").map { Int32(clamping: $0) })
  }

  public var json: JSONValue {
    var object = JSONObject([("kind", .string(kind.rawValue)), ("text", .string(text))])
    object.set("reference", reference.map { .string($0) })
    object.set("weight", weight.map { .integer(Int64($0)) })
    return .object(object)
  }
}

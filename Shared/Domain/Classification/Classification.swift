import JSON

/// What the classifier answered for one product in one market, and with which model.
public struct Classification: Hashable, Sendable {
  /// Best first. Empty when the description says too little for any code.
  public var candidates: [Candidate]
  public var isTooVague: Bool
  public var modelVersion: String
  /// Absent where there is no candidate.
  public var certainty: Certainty?
  /// What the supplied code is today, where it is of another edition of the Harmonised System.
  public var supplied: HSConversion?

  public init(
    candidates: [Candidate], isTooVague: Bool, modelVersion: String, certainty: Certainty? = nil,
    supplied: HSConversion? = nil
  ) {
    self.candidates = candidates
    self.isTooVague = isTooVague
    self.modelVersion = modelVersion
    self.certainty = certainty
    self.supplied = supplied
  }

  public var best: Candidate? { candidates.first }

  /// The fewest first candidates among which the right code is with nineteen chances in twenty.
  public var likelySet: ArraySlice<Candidate>? {
    guard let best, let count = certainty?.smallestSet(with: Confidence(0.95), first: best.confidence) else {
      return nil
    }
    return candidates.prefix(count)
  }
}

extension Classification: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      candidates: try json.list(Candidate.self, "candidates"), isTooVague: try json.bool("isTooVague"),
      modelVersion: try json.string("modelVersion"), certainty: try json.optional(Certainty.self, "certainty"),
      supplied: try json.optional(HSConversion.self, "supplied"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("candidates", .list(candidates)), ("isTooVague", .bool(isTooVague)), ("modelVersion", .string(modelVersion)),
    ])
    object.set("certainty", certainty?.json)
    object.set("supplied", supplied?.json)
    return .object(object)
  }
}

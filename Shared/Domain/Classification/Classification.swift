import JSON

/// What the classifier answered for one product in one market, and with which model.
public struct Classification: Hashable, Sendable {
  /// Best first. Empty when the description says too little for any code.
  public var candidates: [Candidate]
  public var isTooVague: Bool
  public var modelVersion: String

  public init(candidates: [Candidate], isTooVague: Bool, modelVersion: String) {
    self.candidates = candidates
    self.isTooVague = isTooVague
    self.modelVersion = modelVersion
  }

  public var best: Candidate? { candidates.first }
}

extension Classification: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      candidates: try json.list(Candidate.self, "candidates"), isTooVague: try json.bool("isTooVague"),
      modelVersion: try json.string("modelVersion"))
  }

  public var json: JSONValue {
    [
      "candidates": .list(candidates), "isTooVague": .bool(isTooVague), "modelVersion": .string(modelVersion),
    ]
  }
}

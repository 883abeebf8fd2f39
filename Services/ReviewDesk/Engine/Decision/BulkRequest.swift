import Domain
import JSON

/// One decision for many cases: which, and what. Each case is judged by itself, as if it had been decided alone.
public struct BulkRequest: Hashable, Sendable {
  public static let casesMax = 100

  /// A case as its reader saw it.
  public struct Case: Hashable, Sendable {
    public var id: CaseID
    public var expectedVersion: Int64

    public init(id: CaseID, expectedVersion: Int64) {
      self.id = id
      self.expectedVersion = expectedVersion
    }
  }

  public enum Cases: Hashable, Sendable {
    /// What the queue shows for this.
    case matching(QueueQuery)
    case named([Case])
  }

  public enum Form: String, Sendable { case filter, cases }

  public var cases: Cases
  private var decision: DecisionRequest

  public func decision(at version: Int64) -> DecisionRequest {
    var request = decision
    request.expectedVersion = version
    return request
  }

  public var action: DecisionRequest.Action { decision.action }
  public var code: HSCode? { decision.code }
  public var reason: String? { decision.reason }
  public var evidence: String? { decision.evidence }
  public var question: String? { decision.question }
}

extension BulkRequest {
  private static let decisionMembers: Set<String> = ["action", "code", "reason", "evidence", "question"]

  public init(_ json: JSONValue, by form: Form) throws(Refusal) {
    let known = BulkRequest.decisionMembers.union([form.rawValue])
    let reader = try MemberReader(json, known: known)
    guard reader.issues.isEmpty, var object = json.objectValue else {
      throw Refusal(.malformed, "The request is not complete.", reader.issues)
    }
    let part = object[form.rawValue] ?? .null
    object[form.rawValue] = nil
    // Each case has a version of its own.
    object["expectedVersion"] = .integer(1)
    decision = try DecisionRequest(.object(object))
    switch form {
    case .filter: cases = .matching(try BulkRequest.query(part))
    case .cases: cases = .named(try BulkRequest.named(part))
    }
  }

  private static func query(_ json: JSONValue) throws(Refusal) -> QueueQuery {
    let query = try QueueQuery(filter: json)
    guard query.isFiltered else {
      throw malformed("/filter", "This asks for the whole queue.", "Name what the cases have in common.")
    }
    return query
  }

  private static func named(_ json: JSONValue) throws(Refusal) -> [Case] {
    guard let values = json.arrayValue, (1...casesMax).contains(values.count) else {
      throw malformed("/cases", "This is no list of 1 to \(casesMax) cases.", "List the cases of the preview.")
    }
    var cases: [Case] = []
    for (index, value) in values.enumerated() {
      guard let members = value.objectValue, Set(members.keys) == ["caseId", "expectedVersion"],
        let id = members["caseId"]?.stringValue.flatMap({ CaseID($0) }),
        let version = members["expectedVersion"]?.integerValue, version > 0
      else {
        throw malformed("/cases/\(index)", "This is no case.", "Give its caseId and expectedVersion, and nothing else.")
      }
      cases.append(Case(id: id, expectedVersion: version))
    }
    guard Set(cases.map(\.id)).count == cases.count else {
      throw malformed("/cases", "A case stands here twice.", "List each case once.")
    }
    return cases
  }

  private static func malformed(_ field: String, _ problem: Phrase, _ remedy: Phrase) -> Refusal {
    Refusal(
      .malformed, "The request is not complete.",
      [FieldFault(field: field, problem: problem, remedy: remedy)])
  }
}

/// What a decision for many would do to one case, or did.
public struct BulkItem: Sendable {
  public enum Outcome: Sendable {
    /// It would be carried out so.
    case would(Ruling)
    case refused(Refusal)
    /// As the answer to a single decision has it.
    case done(JSONValue)
    /// Something else went wrong; whether it was carried out is not known.
    case unknown
  }

  public var caseID: CaseID
  public var version: Int64
  /// What the queue says of it, in a preview.
  public var entry: QueueEntry?
  public var outcome: Outcome

  public init(caseID: CaseID, version: Int64, entry: QueueEntry? = nil, outcome: Outcome) {
    self.caseID = caseID
    self.version = version
    self.entry = entry
    self.outcome = outcome
  }

  public var json: JSONValue {
    var object = JSONObject([("caseId", caseID.json), ("expectedVersion", .integer(version))])
    if let entry {
      object["sku"] = .string(entry.sku)
      object["market"] = entry.market.json
    }
    switch outcome {
    case .would(let ruling):
      object["outcome"] = "possible"
      object["would"] = .string(ruling.name)
      object.set("code", ruling.code?.json)
    case .refused(let refusal):
      object["outcome"] = "refused"
      object["detail"] = .string(refusal.detail.english)
    case .done(let standing):
      object["outcome"] = "done"
      object["standing"] = standing
    case .unknown:
      object["outcome"] = "unknown"
      object["detail"] = .string(BulkItem.unknownDetail.english)
    }
    return .object(object)
  }

  static let unknownDetail: Phrase = "Whether this was carried out is not known: look at the case."
}

extension Ruling {
  var name: String {
    switch self {
    case .decide(let kind, _, _): kind.rawValue
    case .opine: "first-opinion"
    case .differ: "opinions-differ"
    case .ask: "information-requested"
    }
  }

  var code: HSCode? {
    switch self {
    case .decide(_, let code, _), .opine(_, let code, _), .differ(_, let code, _): code
    case .ask: nil
    }
  }
}

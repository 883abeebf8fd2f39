import Crypto
import Domain
import JSON

/// Everything a decision rested on, as one immutable document whose address is the hash of its bytes. Building it again
/// from the same facts gives the same address; changing any fact gives another.
public struct DecisionRecord: Hashable, Sendable {
  public static let formatVersion: Int64 = 1

  public let caseID: CaseID
  public let tenant: TenantID
  public let environment: Environment
  public let product: ProductVersion
  public let market: Market
  public let classification: Classification
  public let screening: Screening
  public let routing: Routing
  public let decision: Decision
  public let versions: Versions

  public init(
    caseID: CaseID, tenant: TenantID, environment: Environment, product: ProductVersion, market: Market,
    classification: Classification, screening: Screening, routing: Routing, decision: Decision, versions: Versions
  ) {
    self.caseID = caseID
    self.tenant = tenant
    self.environment = environment
    self.product = product
    self.market = market
    self.classification = classification
    self.screening = screening
    self.routing = routing
    self.decision = decision
    self.versions = versions
  }

  public var canonicalBytes: [UInt8] { json.canonicalBytes }
  /// `sha256:` and 64 hexadecimal digits.
  public var address: String { "sha256:\(SHA256.hash(canonicalBytes).hex)" }
}

extension DecisionRecord {
  /// Which revision of the product was decided on, and the hash of its content.
  public struct ProductVersion: Hashable, Sendable {
    public let revisionID: ProductRevisionID
    public let contentHash: String

    public init(revisionID: ProductRevisionID, contentHash: String) {
      self.revisionID = revisionID
      self.contentHash = contentHash
    }
  }

  public struct Routing: Hashable, Sendable {
    public let lane: String
    public let reasons: [String]

    public init(lane: String, reasons: [String]) {
      self.lane = lane
      self.reasons = reasons
    }
  }

  /// What was decided, by whom and when. A rejection has no code.
  public struct Decision: Hashable, Sendable {
    public let id: DecisionID
    public let kind: String
    public let code: HSCode?
    public let decidedBy: String
    public let decidedAt: Instant
    public let reason: String?

    public init(
      id: DecisionID, kind: String, code: HSCode?, decidedBy: String, decidedAt: Instant, reason: String? = nil
    ) {
      self.id = id
      self.kind = kind
      self.code = code
      self.decidedBy = decidedBy
      self.decidedAt = decidedAt
      self.reason = reason
    }
  }

  public struct Versions: Hashable, Sendable {
    public let model: String
    public let policy: String
    public let packs: [String]
    public let lists: [String]

    /// Packs and lists are sets: the order in which they were loaded must not change the address.
    public init(model: String, policy: String, packs: [String], lists: [String]) {
      self.model = model
      self.policy = policy
      self.packs = packs.sorted()
      self.lists = lists.sorted()
    }
  }
}

extension DecisionRecord: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    let version = try json.integer("formatVersion")
    guard version == DecisionRecord.formatVersion else {
      throw try json.required("formatVersion").failure("expected format version \(DecisionRecord.formatVersion)")
    }
    self.init(
      caseID: try json.decode(CaseID.self, "caseID"), tenant: try json.decode(TenantID.self, "tenant"),
      environment: try json.required("environment").decode("live or sandbox") {
        $0.stringValue.flatMap { Environment(rawValue: $0) }
      },
      product: try json.decode(ProductVersion.self, "product"), market: try json.decode(Market.self, "market"),
      classification: try json.decode(Classification.self, "classification"),
      screening: try json.decode(Screening.self, "screening"), routing: try json.decode(Routing.self, "routing"),
      decision: try json.decode(Decision.self, "decision"), versions: try json.decode(Versions.self, "versions"))
  }

  public var json: JSONValue {
    [
      "formatVersion": .integer(DecisionRecord.formatVersion), "caseID": caseID.json, "tenant": tenant.json,
      "environment": .string(environment.rawValue), "product": product.json, "market": market.json,
      "classification": classification.json, "screening": screening.json, "routing": routing.json,
      "decision": decision.json, "versions": versions.json,
    ]
  }
}

extension DecisionRecord.ProductVersion: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      revisionID: try json.decode(ProductRevisionID.self, "revisionID"), contentHash: try json.string("contentHash"))
  }

  public var json: JSONValue { ["revisionID": revisionID.json, "contentHash": .string(contentHash)] }
}

extension DecisionRecord.Routing: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(lane: try json.string("lane"), reasons: try json.strings("reasons"))
  }

  public var json: JSONValue { ["lane": .string(lane), "reasons": .strings(reasons)] }
}

extension DecisionRecord.Decision: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      id: try json.decode(DecisionID.self, "id"), kind: try json.string("kind"),
      code: try json.optional(HSCode.self, "code"), decidedBy: try json.string("decidedBy"),
      decidedAt: try json.decode(Instant.self, "decidedAt"), reason: try json.optionalString("reason"))
  }

  public var json: JSONValue {
    var object = JSONObject([
      ("id", id.json), ("kind", .string(kind)), ("decidedBy", .string(decidedBy)), ("decidedAt", decidedAt.json),
    ])
    object.set("code", code?.json)
    object.set("reason", reason.map { .string($0) })
    return .object(object)
  }
}

extension DecisionRecord.Versions: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self.init(
      model: try json.string("model"), policy: try json.string("policy"), packs: try json.strings("packs"),
      lists: try json.strings("lists"))
  }

  public var json: JSONValue {
    ["model": .string(model), "policy": .string(policy), "packs": .strings(packs), "lists": .strings(lists)]
  }
}

import Domain
import JSON

extension CaseFile {
  /// What `GET /v1/cases/{id}` answers to this person.
  public func json(for actor: Actor) -> JSONValue {
    var object = JSONObject([
      ("id", id.json), ("sku", .string(product.sku)), ("revision", .integer(revision)), ("market", market.json),
      ("state", .string(state.rawValue)), ("version", .integer(version)), ("openedAt", openedAt.json),
      ("why", .string(why)), ("product", product.json), ("missingFields", .strings(missingFields.map(\.rawValue))),
      ("candidates", .list(classification?.candidates ?? [])), ("findings", .list(screening?.findings ?? [])),
      ("duties", .list(screening?.duties ?? [])), ("roles", .list(roles)),
      ("reasons", .list(routing?.reasons ?? [])), ("decisions", .list(decisions)),
    ])
    object.set("certainty", classification?.certainty?.json)
    object.set("lane", routing.map { .string($0.lane.rawValue) })
    object.set("riskScore", screening.map { .integer(Int64($0.riskScore)) })
    object["documentsAsked"] = .strings(documentsAsked)
    object["documents"] = .array(documents.map(\.json))
    object["informationRequests"] = .array(questions.map(\.json))
    object["deliveries"] = .array(deliveries.map(\.json))
    object["history"] = .array(history.map(\.json))
    object["versions"] = versions
    clock?.add(to: &object)
    object.set("pendingDecision", pending?.json)
    object["requiresTwoPeople"] = .bool(requiresTwoPeople)
    object["opinions"] = .array(
      zip(opinions, opinionsShown(to: actor)).map { opinion, shown in shown.opinion?.json ?? opinion.sealed })
    handling.add(to: &object)
    return .object(object)
  }

  /// Facts that the seller did not give.
  public var missingFields: [ProductField] { ProductField.allCases.filter { !$0.isPresent(in: product) } }

  private var versions: JSONValue {
    var object = JSONObject()
    object.set("model", classification.map { .string($0.modelVersion) })
    object.set("policy", routing.map { .integer($0.policyVersion) })
    object.set("marketPack", screening.map { .string($0.packVersion) })
    object.set("lists", screening.map { .strings($0.listVersions) })
    return .object(object)
  }
}

extension CaseDocument {
  var json: JSONValue {
    [
      "id": id.json, "kind": .string(kind), "name": .string(name), "mediaType": .string(mediaType),
      "sha256": .string(sha256), "href": .string("/v1/documents/\(id)"),
    ]
  }
}

extension SupplierQuestion {
  var json: JSONValue {
    var object = JSONObject([("question", .string(question)), ("askedBy", askedBy.json), ("askedAt", askedAt.json)])
    object.set("answer", answer.map { .string($0) })
    object.set("answeredAt", answeredAt?.json)
    return .object(object)
  }
}

extension CaseDelivery {
  var json: JSONValue {
    var object = JSONObject([
      ("id", .string(id.description)), ("destination", .string(destination)), ("state", .string(state)),
      ("attempts", .integer(Int64(attempts))), ("createdAt", createdAt.json),
    ])
    object.set("lastStatus", lastStatus.map { .integer(Int64($0)) })
    object.set("lastError", lastError.map { .string($0) })
    object.set("deliveredAt", deliveredAt?.json)
    return .object(object)
  }
}

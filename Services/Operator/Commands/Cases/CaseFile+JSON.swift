import Domain
import JSON
import Store

extension CaseFile {
  var json: JSONValue {
    var object = JSONObject([
      ("id", stored.id.json), ("tenant", tenant.json), ("market", stored.market.json),
      ("state", .string(stored.state.rawValue)), ("version", .integer(stored.version)),
      ("revision", .integer(stored.revision)), ("openedAt", stored.openedAt.json), ("product", stored.product.json),
    ])
    object.set("lane", stored.lane.map { .string($0.rawValue) })
    object.set("classification", classification?.json)
    object.set("screening", result?.screening.json)
    object.set("routing", result?.routing.json)
    object.set("decision", decision?.json)
    object["documents"] = .array(
      documents.map {
        ["id": $0.id.json, "kind": .string($0.kind), "name": .string($0.name), "mediaType": .string($0.mediaType)]
      })
    object["deliveries"] = .array(deliveries.map(\.summary))
    object["history"] = .array(history.map { (try? JSONParser.parse($0.content)) ?? .string($0.content) })
    return .object(object)
  }
}

extension StoredDelivery {
  fileprivate var summary: JSONValue {
    [
      "id": .string(id.description), "destination": .string(destination), "state": .string(state.rawValue),
      "attempts": .integer(Int64(attempts)), "lastError": lastError.map { .string($0) } ?? .null,
      "deliveredAt": deliveredAt?.json ?? .null,
    ]
  }
}

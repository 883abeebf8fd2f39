import Contracts
import Domain
import HTTP
import IngestEngine
import JSON
import Postgres
import Store
import WorkerRuntime

/// `POST /v1/shipments` and `GET /v1/shipments/{reference}`.
struct ShipmentEndpoints: Sendable {
  let pool: PostgresPool
  let rules: IntakeRules
  let transaction: IntakeTransaction

  func submit(_ call: Call) async throws -> HTTPResponse {
    let json = try call.request.json()
    let key = try IdempotencyKey(call.request.headers, route: call.route, body: json.canonicalBytes)
    let cause = call.cause(key)
    return try await transaction.once(call, key) { tx in
      try rules.refresh(tx)
      let verdict = rules.current.shipments.read(json)
      guard let shipment = verdict.accepted else { return try refuse(json, cause, verdict.issues, call, tx) }
      return try accept(shipment, json, verdict.notices, cause, call, tx)
    }
  }

  private func accept(
    _ shipment: Shipment, _ json: JSONValue, _ notices: [ValidationIssue], _ cause: MessageID, _ call: Call,
    _ tx: borrowing Transaction
  ) throws -> Outcome {
    let acceptance = ShipmentAcceptance(
      tenant: call.tenant, environment: call.caller.environment, actor: call.caller.actor)
    let (result, effects) = try acceptance.accept(shipment, causedBy: cause, trace: call.trace, now: call.now, tx)
    func answer(_ id: ShipmentID, _ state: ShipmentState, _ status: String) -> Outcome {
      let body: JSONValue = [
        "submissionId": DerivedID.submission(causedBy: cause).json, "id": id.json,
        "reference": .string(shipment.reference), "market": shipment.market.json, "status": .string(status),
        "state": .string(state.rawValue), "notices": .list(notices),
      ]
      return Outcome(status: 202, body, effects: effects)
    }
    switch result {
    case .accepted(let id, let state): return answer(id, state, "accepted")
    case .unchanged(let id, let state): return answer(id, state, "unchanged")
    case .refused(let issues): return try refuse(json, cause, issues, call, tx)
    }
  }

  private func refuse(
    _ json: JSONValue, _ cause: MessageID, _ issues: [ValidationIssue], _ call: Call, _ tx: borrowing Transaction
  ) throws -> Outcome {
    let refusal = RefusedSubmissions.Refusal(
      id: DerivedID.submission(causedBy: cause), kind: SubmissionKind.shipment.rawValue,
      reference: IntakeRules.reference(of: json, .shipment), channel: .http, body: json.bytes, issues: issues,
      refusedAt: call.now)
    try RefusedSubmissions.keep([refusal], tx)
    var effects = StoredEffects()
    effects.audit = [refusal.auditEntry(call.caller.actor)]
    return Outcome(status: 422, .refusal(of: "shipment", refusal.id, issues), effects: effects)
  }

  func find(_ call: Call) async throws -> HTTPResponse {
    let reference = call.parameter("reference")
    let found = try await pool.transaction(as: call.tenant, readOnly: true) { tx -> JSONValue? in
      guard let id = try ShipmentStore.find(reference: reference, tx),
        let stored = try ShipmentStore.load([id], tx)[id]
      else { return nil }
      let documents = try DocumentStore.list(of: [id.value], tx)[id.value] ?? []
      return ShipmentEndpoints.view(stored, try ShipmentStore.lines(of: [id], tx), documents)
    }
    guard let found else { throw RequestRefusal.notFound("shipment") }
    return .json(found)
  }

  private static func view(_ stored: StoredShipment, _ lines: [StoredLine], _ documents: [StoredDocument]) -> JSONValue
  {
    [
      "id": stored.id.json, "reference": .string(stored.shipment.reference), "market": stored.shipment.market.json,
      "state": .string(stored.state.rawValue), "receivedAt": stored.receivedAt.json,
      "lines": .array(
        lines.map { line in
          [
            "number": .integer(Int64(line.number)), "sku": .string(line.sku), "status": .string(line.status.rawValue),
            "caseId": line.caseID?.json ?? .null,
          ]
        }),
      "documents": .array(documents.map(\.reference)),
    ]
  }
}

extension StoredDocument {
  /// How an answer names a document: `GET /v1/documents/{id}` gives its bytes.
  var reference: JSONValue {
    [
      "id": id.json, "kind": .string(kind), "name": .string(name), "mediaType": .string(mediaType),
      "sha256": .string(sha256Hex),
    ]
  }
}

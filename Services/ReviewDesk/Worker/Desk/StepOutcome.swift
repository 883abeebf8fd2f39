import Domain
import JSON
import WorkerRuntime

/// Where a step left the case, and what must be sent and audited because of it.
struct StepOutcome: Sendable {
  var caseID: CaseID
  var state: CaseState
  var version: Int64
  var decision: Decision?
  var effects = StoredEffects()

  var json: JSONValue {
    var object = JSONObject([
      ("caseId", caseID.json), ("state", .string(state.rawValue)), ("version", .integer(version)),
    ])
    object.set("decision", decision?.json)
    return .object(object)
  }
}

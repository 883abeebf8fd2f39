import Domain
import JSON
import ReviewDeskEngine
import WorkerRuntime

/// Where a step left the case, and what must be sent and audited because of it.
struct StepOutcome: Sendable {
  enum Awaited: String, Sendable {
    case secondPerson = "second-person"
    case complianceLead = "compliance-lead"
  }

  var caseID: CaseID
  var state: CaseState
  var version: Int64
  var decision: Decision?
  /// Whom the case waits for where two people decide.
  var awaits: Awaited?
  /// Until when the decision can be undone, and has no effect.
  var undoUntil: Instant?
  var handling = CaseHandling()
  var effects = StoredEffects()

  var json: JSONValue {
    var object = JSONObject([
      ("caseId", caseID.json), ("state", .string(state.rawValue)), ("version", .integer(version)),
    ])
    object.set("decision", decision?.json)
    object.set("awaits", awaits.map { .string($0.rawValue) })
    object.set("undoUntil", undoUntil?.json)
    handling.add(to: &object)
    return .object(object)
  }
}

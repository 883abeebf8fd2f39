import Domain
import HTTP
import ReviewDeskEngine

extension Problem {
  init(_ refusal: Refusal) {
    let status =
      switch refusal.kind {
      case .malformed: 400
      case .forbidden: 403
      case .conflict: 409
      case .unprocessable: 422
      }
    self.init(
      status: status, detail: refusal.detail.english,
      errors: refusal.issues.map { Fault(pointer: $0.field, detail: $0.problem.english, remedy: $0.remedy.english) })
  }

  static let noKey = Problem(
    status: 401, detail: "The request has no key.",
    errors: [
      Fault(pointer: "Authorization", detail: "The header is missing or not Bearer.", remedy: "Send 'Bearer pbn_…'.")
    ])

  static let unknownKey = Problem(
    status: 401, detail: "The key is not known, or was revoked.",
    errors: [
      Fault(pointer: "Authorization", detail: "Nobody has this key.", remedy: "Ask your administrator for a new one.")
    ])

  static func wrongEnvironment(_ environment: Domain.Environment) -> Problem {
    Problem(
      status: 403, detail: "This is the \(environment.rawValue) environment, and the key is for the other one.",
      errors: [
        Fault(
          pointer: "Authorization", detail: "Live and sandbox never mix.",
          remedy: "Use a key of the \(environment.rawValue) environment.")
      ])
  }

  static let notAReader = Problem(
    status: 403, detail: "The key has no role that may look at cases.",
    errors: [
      Fault(
        pointer: "Authorization", detail: "No reviewer role.",
        remedy: "Use a person's key with a reviewer role, or a machine's with the role 'review'.")
    ])

  static let noSuchCase = Problem(status: 404, detail: "You have no such case.")
  static let noSuchView = Problem(status: 404, detail: "You keep no such view.")
  static let noSuchDocument = Problem(status: 404, detail: "You have no such document.")
  static let noPolicy = Problem(status: 404, detail: "No policy is in force. Activate one first.")

  static let repetitionInFlight = Problem(
    status: 409, detail: "A request with this Idempotency-Key is being carried out. Repeat it in a moment.",
    errors: [Fault(pointer: "Idempotency-Key", detail: "The key is in use.", remedy: "Repeat the request in a moment.")]
  )

  static let idempotencyKeyReused = Problem(
    status: 422, detail: "This Idempotency-Key was sent with another request before.",
    errors: [Fault(pointer: "Idempotency-Key", detail: "The key is taken.", remedy: "Use a new key for a new request.")]
  )
}

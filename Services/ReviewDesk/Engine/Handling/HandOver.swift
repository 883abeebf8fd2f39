import Domain
import JSON

/// What a person does with a case instead of deciding it.
public enum HandOver: Hashable, Sendable {
  /// Somebody else may take it now.
  case skip(reason: String)
  /// Nobody is given it before that.
  case snooze(until: Instant, reason: String?)
  /// By the colleague's e-mail address.
  case assign(to: String, reason: String?)
  /// To the compliance lead.
  case escalate(reason: String)

  public enum Kind: String, Sendable, CaseIterable { case skip, snooze, assign, escalate }

  public init(_ kind: Kind, _ json: JSONValue) throws(Refusal) {
    let members: Set<String> =
      switch kind {
      case .skip, .escalate: ["reason"]
      case .snooze: ["until", "reason"]
      case .assign: ["to", "reason"]
      }
    var reader = try MemberReader(json, known: members)
    let reason = reader.text("reason")
    switch kind {
    case .skip, .escalate:
      if reason == nil { reader.missing("reason", "Say why, for whoever has the case next.") }
      try HandOver.refuse(reader)
      self = kind == .skip ? .skip(reason: reason ?? "") : .escalate(reason: reason ?? "")
    case .snooze:
      let remedy: Phrase = "Give a moment with its time zone, such as 2026-03-01T08:00:00Z."
      let until = reader.required("until", remedy: remedy) { Instant($0) }
      try HandOver.refuse(reader)
      self = .snooze(until: until ?? Instant(microseconds: 0), reason: reason)
    case .assign:
      let to = reader.text("to")
      if to == nil { reader.missing("to", "Give a colleague's e-mail address.") }
      try HandOver.refuse(reader)
      self = .assign(to: to ?? "", reason: reason)
    }
  }

  private static func refuse(_ reader: MemberReader) throws(Refusal) {
    guard reader.issues.isEmpty else { throw Refusal(.malformed, "The request is not complete.", reader.issues) }
  }

  public var kind: Kind {
    switch self {
    case .skip: .skip
    case .snooze: .snooze
    case .assign: .assign
    case .escalate: .escalate
    }
  }
}

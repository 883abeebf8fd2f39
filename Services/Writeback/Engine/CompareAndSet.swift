import Domain
import JSON

/// What an ERP holds for one SKU in one market: the code, and the ERP's own mark of the version it stands in.
public struct RecordedValue: Hashable, Sendable {
  /// nil when the field is empty there.
  public var code: HSCode?
  public var version: String?

  public init(code: HSCode?, version: String? = nil) {
    self.code = code
    self.version = version
  }

  public var json: JSONValue {
    var object = JSONObject([("code", code?.json ?? .null)])
    object.set("version", version.map { .string($0) })
    return .object(object)
  }
}

/// Decides whether a code may be written over what an ERP holds. What somebody changed there meanwhile is never
/// overwritten: it becomes a conflict, and a person decides.
public enum CompareAndSet {
  public enum Verdict: Hashable, Sendable {
    /// Write, on condition that the ERP still holds `expected`.
    case write(expected: RecordedValue)
    /// It holds this code already.
    case skip
    case conflict(Conflict)
  }

  public struct Conflict: Hashable, Sendable {
    public var held: RecordedValue
    public var lastWritten: RecordedValue?
    public var wanted: HSCode
    public var reason: String
  }

  /// - Parameters:
  ///   - held: what the ERP last reported.
  ///   - lastWritten: what we wrote last and it confirmed, with the version it then gave.
  ///   - supplied: the code that came with the product, which the decision has seen and may replace.
  public static func decide(
    wanted: HSCode, held: RecordedValue, lastWritten: RecordedValue?, supplied: HSCode?
  ) -> Verdict {
    if held.code == wanted { return .skip }
    let conflict = { Verdict.conflict(.init(held: held, lastWritten: lastWritten, wanted: wanted, reason: $0)) }
    guard let lastWritten else {
      if held.code == nil || held.code == supplied { return .write(expected: held) }
      return conflict("The ERP holds a code that was neither sent to us nor written by us.")
    }
    guard held.code == lastWritten.code else {
      return conflict("The code was changed in the ERP after we wrote it.")
    }
    // The same code under a new version: the record was touched, perhaps confirmed by a person, so we do not assume.
    if let written = lastWritten.version, let now = held.version, written != now {
      return conflict("The record was changed in the ERP after we wrote it, although its code is the same.")
    }
    return .write(expected: held)
  }
}

import Crypto
import Domain

/// Ids that follow from what they name, so that work done twice names its results the same and the second is a no-op.
public enum DerivedID {
  public static func message(causedBy cause: MessageID, _ type: EventType, _ subject: String) -> MessageID {
    MessageID(derive("message", cause.description, type.rawValue, subject))
  }

  /// ERPs choose ids as they like: ours is scoped by tenant, environment and source.
  public static func message(submittedBy tenant: TenantID, _ environment: Environment, source: String, id: String)
    -> MessageID
  {
    MessageID(derive("submitted", tenant.slug, environment.rawValue, source, id))
  }

  /// For a person's act or a timer, which no message caused.
  public static func message(_ type: EventType, _ subject: String, ordinal: Int64) -> MessageID {
    MessageID(derive("message", type.rawValue, subject, String(ordinal)))
  }

  public static func productRevision(_ tenant: TenantID, _ environment: Environment, sku: String, number: Int64)
    -> ProductRevisionID
  {
    ProductRevisionID(derive("revision", tenant.slug, environment.rawValue, sku, String(number)))
  }

  public static func customsCase(_ revision: ProductRevisionID, _ market: Market) -> CaseID {
    CaseID(derive("case", revision.description, market.code))
  }

  public static func shipment(_ tenant: TenantID, _ environment: Environment, reference: String) -> ShipmentID {
    ShipmentID(derive("shipment", tenant.slug, environment.rawValue, reference))
  }

  public static func decision(_ caseID: CaseID, sequence: Int64) -> DecisionID {
    DecisionID(derive("decision", caseID.description, String(sequence)))
  }

  /// Of what was learnt elsewhere: the same line imported again is the same precedent.
  public static func precedent(_ tenant: TenantID, _ environment: Environment, digest: [UInt8]) -> UniqueID {
    derive("precedent", tenant.slug, environment.rawValue, Hex.encode(digest))
  }

  public static func document(_ subject: String, kind: String, sequence: Int64) -> DocumentID {
    DocumentID(derive("document", subject, kind, String(sequence)))
  }

  public static func submission(causedBy message: MessageID) -> SubmissionID {
    SubmissionID(derive("submission", message.description))
  }

  /// - Parameter subject: the case or shipment, whose id differs between tenants and environments.
  public static func delivery(_ subject: UniqueID, destination: String, sequence: Int64) -> UniqueID {
    derive("delivery", subject.description, destination, String(sequence))
  }

  /// What one person is told of one event.
  public static func notice(_ event: MessageID, to person: UniqueID) -> UniqueID {
    derive("notice", event.description, person.description)
  }

  /// Of one person's look at a case whose right answer is known: its form tells it from no other second look.
  public static func look(_ caseID: CaseID, by person: Actor) -> DecisionID {
    DecisionID(derive("look", caseID.description, person.name))
  }

  /// Parts are joined with a byte that stands in none of them, so that no two lists of parts meet.
  private static func derive(_ parts: String...) -> UniqueID {
    UniqueID(digest: SHA256.hash(Array(parts.joined(separator: "\u{1F}").utf8)).bytes)
  }
}

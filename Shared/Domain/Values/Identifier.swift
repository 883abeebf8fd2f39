import JSON

/// An id that knows what it names, so that a case's id cannot be passed where a product's is meant.
public struct Identifier<Entity>: Hashable, Sendable, CustomStringConvertible, Comparable {
  public let value: UniqueID

  public init(_ value: UniqueID) { self.value = value }

  public init?(_ text: String) {
    guard let value = UniqueID(text) else { return nil }
    self.value = value
  }

  public var description: String { value.description }
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

extension Identifier: JSONCodable {
  public init(json: JSONCursor) throws(JSONError) {
    self = try json.decode("a UUID") { $0.stringValue.flatMap { Identifier($0) } }
  }

  public var json: JSONValue { .string(description) }
}

public enum CaseEntity {}
public enum ProductRevisionEntity {}
public enum ShipmentEntity {}
public enum DecisionEntity {}
public enum MessageEntity {}
public enum SubmissionEntity {}
public enum DocumentEntity {}

public typealias CaseID = Identifier<CaseEntity>
public typealias ProductRevisionID = Identifier<ProductRevisionEntity>
public typealias ShipmentID = Identifier<ShipmentEntity>
public typealias DecisionID = Identifier<DecisionEntity>
public typealias MessageID = Identifier<MessageEntity>
public typealias SubmissionID = Identifier<SubmissionEntity>
public typealias DocumentID = Identifier<DocumentEntity>

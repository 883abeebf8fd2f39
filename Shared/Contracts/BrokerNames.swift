/// Names of broker objects, typed so that a routing key cannot be passed where an exchange is meant.
public struct ExchangeName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let text: String
  public init(_ text: String) { self.text = text }
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { text }
}

public struct QueueName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let text: String
  public init(_ text: String) { self.text = text }
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { text }
}

public struct RoutingKey: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let text: String
  public init(_ text: String) { self.text = text }
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { text }
}

/// A value that does not print itself. `reveal()` marks each place that uses it in the clear.
public struct Secret: Hashable, Sendable {
  private let text: String

  public init(_ text: String) {
    self.text = text
  }

  public func reveal() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "[redacted]" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

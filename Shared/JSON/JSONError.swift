/// Why a document could not be read: where (a JSON Pointer, or a byte offset), and what was expected there.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Location: Hashable, Sendable {
    case byte(Int)
    case pointer(String)
  }

  public var location: Location
  public var reason: String

  public init(at location: Location, _ reason: String) {
    self.location = location
    self.reason = reason
  }

  public var description: String {
    switch location {
    case .byte(let offset): "byte \(offset): \(reason)"
    case .pointer(let pointer): "\(pointer.isEmpty ? "the document" : pointer): \(reason)"
    }
  }
}

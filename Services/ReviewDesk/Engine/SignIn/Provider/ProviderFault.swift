/// Why nobody came in by the provider. For the log: the person is told less.
public enum ProviderFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// It does not answer, or not as a provider does.
  case unreachable(String)
  /// What it said, or what came back with the browser, proves nothing.
  case refused(String)

  public var description: String {
    switch self {
    case .unreachable(let why): "the provider cannot be asked: \(why)"
    case .refused(let why): "the sign-in is not accepted: \(why)"
    }
  }
}

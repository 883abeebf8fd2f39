/// What this program is, for logs, metrics and the producer of an event.
public enum BuildInfo {
  public static let version = "0.1.0"
  /// Builds are not stamped yet.
  public static let revision = "unknown"
}

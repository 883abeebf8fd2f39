import Domain

extension Instant {
  /// `2026-11-20 05:14`, in UTC.
  var toTheMinute: String { description.prefix(16).split(separator: "T").joined(separator: " ") }
}

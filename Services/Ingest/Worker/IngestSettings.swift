import Configuration

/// What ingest reads beside the settings of every worker.
struct IngestSettings: Sendable {
  var requestsPerMinute: Int

  static func read(_ reader: inout ConfigurationReader) -> IngestSettings {
    IngestSettings(
      requestsPerMinute: reader.optional(
        "PABEAN_RATE_LIMIT", .int(in: 1...1_000_000), default: 6000, "HTTP requests a tenant may make in a minute"))
  }
}

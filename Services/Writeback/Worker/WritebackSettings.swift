import Configuration
import HTTP

/// What write-back reads beside the settings of every worker.
struct WritebackSettings: Sendable {
  var allowedNetworks: [CIDR]
  var fileDropFolder: String?
  var documentAddress: String

  static func read(_ reader: inout ConfigurationReader) -> WritebackSettings {
    WritebackSettings(
      allowedNetworks: reader.optional(
        "PABEAN_WEBHOOK_ALLOW", .list(of: .network), default: [],
        "private networks that webhooks may be sent to, such as 10.1.0.0/16"),
      fileDropFolder: reader.optional(
        "PABEAN_FILE_DROP", .string, "the folder under which outcomes are dropped as files"),
      documentAddress: reader.optional(
        "PABEAN_PUBLIC_URL", .url(schemes: ["http", "https"]),
        "where receivers find documents")?.text ?? "http://localhost:8080")
  }
}

extension SettingType where Value == CIDR {
  static var network: Self {
    guard let placeholder = CIDR("127.0.0.0/8") else { preconditionFailure("a network") }
    return SettingType(expectation: "a network such as 10.1.0.0/16", placeholder: placeholder, parse: { CIDR($0) })
  }
}

import Configuration

/// What maintenance reads from its environment beside what every worker does.
public struct MaintenanceSettings: Sendable {
  public var auditKeyFile: String?

  public init(auditKeyFile: String?) { self.auditKeyFile = auditKeyFile }

  public static func read(_ reader: inout ConfigurationReader) -> MaintenanceSettings {
    MaintenanceSettings(
      auditKeyFile: reader.optional(
        "PABEAN_AUDIT_KEY", .string, "the file of the key that seals the audit log; unsealed when absent"))
  }
}

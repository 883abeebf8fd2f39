/// A configuration without problems, and where each setting came from.
public struct LoadedConfiguration<Value> {
  public let value: Value
  public let settings: [Setting]

  /// What `--print-config` shows: every setting, with secrets redacted.
  public var table: String {
    TextTable.render(
      header: ["NAME", "VALUE", "FROM", "MEANING"],
      rows: settings.map { [$0.name, $0.value, $0.source.rawValue, $0.meaning] })
  }
}

extension LoadedConfiguration: Sendable where Value: Sendable {}

/// One setting as it is shown to an operator.
public struct Setting: Hashable, Sendable {
  public enum Source: String, Sendable {
    case environment, file, `default`, unset
  }

  public let name: String
  public let value: String
  public let source: Source
  public let meaning: String
}

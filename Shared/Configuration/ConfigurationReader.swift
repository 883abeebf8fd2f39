/// Reads typed settings from the environment and remembers everything that is wrong, so that an operator sees all
/// of it at once instead of one error for each start.
///
///     let loaded = try ConfigurationReader.load { reader in
///       WorkerConfiguration(
///         broker: reader.required("PABEAN_BROKER", .endpoint, "the RabbitMQ broker"),
///         prefetch: reader.optional("PABEAN_PREFETCH", .int(in: 1...1000), default: 20, "deliveries in flight"))
///     }
public struct ConfigurationReader {
  /// Every variable that begins like this must be known.
  public static let prefix = "PABEAN_"

  private let environment: Environment
  private var known: Set<String> = []
  private var problems: [ConfigurationError.Problem] = []
  private var settings: [Setting] = []

  public init(_ environment: Environment) {
    self.environment = environment
  }

  /// Reads a whole configuration, or throws with every problem in it.
  public static func load<Value>(
    from environment: Environment = .process(), _ read: (inout ConfigurationReader) -> Value
  ) throws(ConfigurationError) -> LoadedConfiguration<Value> {
    var reader = ConfigurationReader(environment)
    let value = read(&reader)
    return LoadedConfiguration(value: value, settings: try reader.finish())
  }

  // MARK: Reading

  public mutating func required<Value>(_ name: String, _ type: SettingType<Value>, _ meaning: String) -> Value {
    switch find(name, type, meaning) {
    case .value(let value): return value
    case .refused: return type.placeholder
    case .absent:
      let file = type.isSecret ? ", or \(name)_FILE to the path of a file with it" : ""
      problems.append(.init(name: name, wrong: "is required", remedy: "set it to \(type.expectation)\(file)"))
      return type.placeholder
    }
  }

  public mutating func optional<Value>(_ name: String, _ type: SettingType<Value>, _ meaning: String) -> Value? {
    switch find(name, type, meaning) {
    case .value(let value): return value
    case .refused: return nil
    case .absent:
      settings.append(Setting(name: name, value: "", source: .unset, meaning: meaning))
      return nil
    }
  }

  public mutating func optional<Value>(
    _ name: String, _ type: SettingType<Value>, default fallback: Value, _ meaning: String
  ) -> Value {
    switch find(name, type, meaning) {
    case .value(let value): return value
    case .refused: return fallback
    case .absent:
      let shown = type.isSecret ? Secret("").description : type.show(fallback)
      settings.append(Setting(name: name, value: shown, source: .default, meaning: meaning))
      return fallback
    }
  }

  /// Records a problem between settings that are each valid by themselves.
  public mutating func refuse(_ name: String, _ wrong: String, remedy: String) {
    problems.append(.init(name: name, wrong: wrong, remedy: remedy))
  }

  /// Allows variables that this program does not read itself, such as those of its neighbours in one file.
  public mutating func allow(_ names: [String]) {
    known.formUnion(names)
  }

  /// The settings in the order they were read, or every problem at once.
  public mutating func finish() throws(ConfigurationError) -> [Setting] {
    reportUnknownVariables()
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
    return settings
  }

  // MARK: Finding

  private enum Finding<Value> {
    case value(Value)
    case absent
    /// The problem is recorded.
    case refused
  }

  private mutating func find<Value>(
    _ name: String, _ type: SettingType<Value>, _ meaning: String
  ) -> Finding<Value> {
    precondition(name.hasPrefix(Self.prefix), "\(name) must begin with \(Self.prefix)")
    let isNew = known.insert(name).inserted
    precondition(isNew, "\(name) is read twice")
    let text: String
    let source: Setting.Source
    if type.isSecret {
      switch secretText(name) {
      case .value(let found): (text, source) = found
      case .absent: return .absent
      case .refused: return .refused
      }
    } else {
      guard let found = environment.variables[name] else { return .absent }
      (text, source) = (found, .environment)
    }
    guard let value = type.parse(text) else {
      // The text of a secret is not repeated.
      let wrong = type.isSecret ? "is not valid" : "is \"\(text.shortened)\""
      problems.append(.init(name: name, wrong: wrong, remedy: "set it to \(type.expectation)"))
      return .refused
    }
    let shown = type.isSecret ? Secret("").description : type.show(value)
    settings.append(Setting(name: name, value: shown, source: source, meaning: meaning))
    return .value(value)
  }

  private mutating func secretText(_ name: String) -> Finding<(String, Setting.Source)> {
    let fileName = name + "_FILE"
    known.insert(fileName)
    switch (environment.variables[name], environment.variables[fileName]) {
    case (nil, nil): return .absent
    case (let text?, nil): return .value((text, .environment))
    case (_?, _?):
      problems.append(.init(name: name, wrong: "is set twice", remedy: "keep \(fileName) and unset \(name)"))
      return .refused
    case (nil, let path?):
      switch environment.readFile(path) {
      case .success(let bytes):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          problems.append(.init(name: fileName, wrong: "\(path) is not UTF-8", remedy: "write the secret as text"))
          return .refused
        }
        return .value((text.withoutFinalNewline, .file))
      case .failure(let problem):
        problems.append(
          .init(
            name: fileName, wrong: "\(path): \(problem.reason)",
            remedy: "name a file that this user can read, with the secret in it"))
        return .refused
      }
    }
  }

  private mutating func reportUnknownVariables() {
    let unknown = environment.variables.keys.filter { $0.hasPrefix(Self.prefix) && !known.contains($0) }
    for name in unknown.sorted() {
      let candidates = known.filter { environment.variables[$0] == nil }
      let remedy = name.nearest(among: candidates).map { "did you mean \($0)?" } ?? "remove it"
      problems.append(.init(name: name, wrong: "is not a setting", remedy: remedy))
    }
  }
}

extension String {
  fileprivate var shortened: String {
    let clean = String(map { $0.isNewline ? " " : $0 })
    return clean.count <= 60 ? clean : clean.prefix(57) + "..."
  }

  /// Editors end files with a newline that is no part of the secret.
  fileprivate var withoutFinalNewline: String {
    last?.isNewline == true ? String(dropLast()) : self
  }
}

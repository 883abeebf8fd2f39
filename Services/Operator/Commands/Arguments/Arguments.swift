import Domain

/// What stood on the command line, checked against what the command takes.
public struct Arguments: Sendable {
  public private(set) var operands: [String] = []
  private var values: [String: [String]] = [:]

  /// What stands on the command line after the command's name.
  public init(_ words: [String], for command: Command) throws(UsageError) {
    var rest = words[...]
    var optionsAreOver = false
    while let word = rest.popFirst() {
      if word == "--", !optionsAreOver {
        optionsAreOver = true
      } else if word.hasPrefix("--"), !optionsAreOver {
        try take(option: word.dropFirst(2), &rest, command)
      } else if word.hasPrefix("-"), word.utf8.count > 1, !optionsAreOver {
        throw UsageError("unknown option '\(word)'; options begin with two dashes", command: command.name)
      } else {
        operands.append(word)
      }
    }
    try check(command)
  }

  public func has(_ name: String) -> Bool { values[name] != nil }
  public subscript(name: String) -> String? { values[name]?.last }

  /// The value of an option that the command requires.
  public func required(_ name: String) -> String {
    guard let value = self[name] else { preconditionFailure("--\(name) is not required by its command") }
    return value
  }

  /// All values of an option that may be repeated, or be a list with commas.
  public func list(_ name: String) -> [String] {
    (values[name] ?? []).flatMap { $0.split(separator: ",").map(String.init) }
  }

  private mutating func take(
    option text: Substring, _ rest: inout ArraySlice<String>, _ command: Command
  ) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = command.options.first(where: { $0.name == name }) else {
      throw UsageError(unknownOption: name, of: command)
    }
    let inline = parts.count == 2 ? String(parts[1]) : nil
    var value = ""
    if let placeholder = option.value {
      guard let given = inline ?? rest.popFirst(), !given.isEmpty else {
        throw UsageError("--\(name) needs a value: --\(name) \(placeholder)", command: command.name)
      }
      value = given
    } else if inline != nil {
      throw UsageError("--\(name) takes no value", command: command.name)
    }
    guard values[name] == nil || option.repeats else {
      throw UsageError("--\(name) stands twice", command: command.name)
    }
    values[name, default: []].append(value)
  }

  private func check(_ command: Command) throws(UsageError) {
    let least = command.operands.filter { $0.count == .one }.count
    if operands.count < least {
      throw UsageError("\(command.operands[operands.count].name) is missing", command: command.name)
    }
    let takesAny = command.operands.contains { $0.count == .any }
    if !takesAny, operands.count > command.operands.count {
      throw UsageError("'\(operands[command.operands.count])' is one word too many", command: command.name)
    }
    for option in command.options where option.isRequired && values[option.name] == nil {
      throw UsageError("--\(option.name) is missing", command: command.name)
    }
  }
}

/// A command line that says nothing that can be done.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String
  /// Whose help says more.
  public var command: String?

  public init(_ description: String, command: String? = nil) {
    self.description = description
    self.command = command
  }

  init(unknownOption name: String, of command: Command) {
    let near = Spelling.nearest(to: name, among: command.options.map(\.name)).map { "; did you mean --\($0)?" } ?? ""
    self.init("there is no option --\(name)\(near)", command: command.name)
  }
}

/// One thing that `pabean` does: what it is called, what it takes, and how it is done.
public struct Command: Sendable {
  /// One or two words.
  public var name: String
  public var summary: String
  public var operands: [Operand]
  public var options: [Option]
  /// Shown below the options: what is good to know, and examples.
  public var notes: String
  /// Runs until it is told to stop, and ends in good order when it is.
  public var isLongRunning: Bool
  /// Where it stands in the list of commands.
  public var group: CommandGroup
  public var run: @Sendable (Arguments, Console) async throws -> ExitCode

  public init(
    _ name: String, _ summary: String, group: CommandGroup, operands: [Operand] = [], options: [Option] = [],
    notes: String = "", isLongRunning: Bool = false,
    run: @escaping @Sendable (Arguments, Console) async throws -> ExitCode
  ) {
    self.name = name
    self.summary = summary
    self.group = group
    self.operands = operands
    self.options = options
    self.notes = notes
    self.isLongRunning = isLongRunning
    self.run = run
  }
}

public enum CommandGroup: String, Sendable, CaseIterable {
  case running = "Run it here"
  case work = "Send work and look at it"
  case repair = "Put things right"
  case tenants = "Tenants and their rules"
  case installation = "Install and keep it"
}

/// A word of the command line that stands for itself.
public struct Operand: Sendable {
  public enum Count: Sendable { case one, optional, any }

  public var name: String
  public var meaning: String
  public var count: Count

  public init(_ name: String, _ meaning: String, _ count: Count = .one) {
    self.name = name
    self.meaning = meaning
    self.count = count
  }

  var usage: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .any: "[\(name)…]"
    }
  }
}

/// `--name` or `--name VALUE`.
public struct Option: Sendable {
  public var name: String
  /// What stands for the value in the help; nil for a flag.
  public var value: String?
  public var meaning: String
  public var isRequired: Bool
  public var repeats: Bool

  public init(
    _ name: String, _ value: String? = nil, _ meaning: String, isRequired: Bool = false, repeats: Bool = false
  ) {
    self.name = name
    self.value = value
    self.meaning = meaning
    self.isRequired = isRequired
    self.repeats = repeats
  }

  var usage: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }

  static let json = Option("json", nil, "print JSON for machines")
  static let tenant = Option("tenant", "SLUG", "whose; may be left out when there is one tenant")
  static let actor = Option("as", "NAME", "who does it, for the audit log; the user's name when absent")
}

/// As in sysexits.h.
public enum ExitCode: Int32, Sendable {
  case success = 0
  case failure = 1
  case usage = 64
  case configuration = 78
}

/// Why a command could not be done, and what to do about it.
public struct Failure: Error, Sendable, CustomStringConvertible {
  public var reason: String
  public var remedy: String?

  public init(_ reason: String, remedy: String? = nil) {
    self.reason = reason
    self.remedy = remedy
  }

  public var description: String { remedy.map { "\(reason)\n  → \($0)" } ?? reason }
}

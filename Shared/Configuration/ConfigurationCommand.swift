/// What the arguments of a worker ask for.
public enum ConfigurationCommand: Hashable, Sendable {
  case run
  /// `--check`: report problems and exit.
  case check
  /// `--print-config`: show every setting, redacted, and exit.
  case printConfiguration

  /// The command, and the arguments that are not about configuration in their order.
  public static func parse(_ arguments: [String]) -> (command: ConfigurationCommand, rest: [String]) {
    var command = ConfigurationCommand.run
    var rest: [String] = []
    for argument in arguments {
      switch argument {
      case "--check": command = .check
      case "--print-config": command = .printConfiguration
      default: rest.append(argument)
      }
    }
    return (command, rest)
  }
}

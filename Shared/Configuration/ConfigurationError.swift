/// Everything that is wrong with a configuration.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  public struct Problem: Hashable, Sendable {
    public let name: String
    public let wrong: String
    public let remedy: String

    public init(name: String, wrong: String, remedy: String) {
      self.name = name
      self.wrong = wrong
      self.remedy = remedy
    }
  }

  public let problems: [Problem]

  public init(problems: [Problem]) {
    self.problems = problems
  }

  /// EX_CONFIG of sysexits.h: what a program exits with for this error.
  public static let exitCode: Int32 = 78

  public var description: String {
    let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
    let table = TextTable.render(
      header: ["NAME", "WHAT IS WRONG", "WHAT TO DO"], rows: problems.map { [$0.name, $0.wrong, $0.remedy] })
    return "The configuration has \(count).\n\n\(table)"
  }
}

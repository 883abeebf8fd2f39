/// What to measure and how much of it.
struct Options: Sendable {
  enum Part: String, CaseIterable, Sendable {
    case floor, celery, flow, latency, backlog, idle, screening, names, learners, desk
  }

  struct Invalid: Error, CustomStringConvertible {
    var argument: String
    var description: String {
      """
      unknown argument '\(argument)'
      usage: pabean-bench [--only PART,…] [--quick] [--json] [--products N] [--backlog N] [--rounds N]
             [--cases N] [--desk-seconds N]
      parts: \(Part.allCases.map(\.rawValue).joined(separator: ", "))
      """
    }
  }

  var parts = Set(Part.allCases)
  var isJSON = false
  /// Each rate is measured this often, by turns, and the median counts.
  var rounds = 3
  var products = 20_000
  var backlog = 100_000
  var singles = 200
  var idle = Duration.seconds(30)
  /// Those that the review desk is measured over, and for how long.
  var cases = 1_000_000
  var deskSeconds = 180

  init(_ arguments: [String]) throws(Invalid) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": isJSON = true
      case "--quick":
        (rounds, products, backlog, singles, idle) = (1, 3000, 6000, 50, .seconds(10))
        (cases, deskSeconds) = (20_000, 30)
      case "--only": parts = try Options.parts(rest.popFirst() ?? "")
      case "--products": products = try Options.number(rest.popFirst())
      case "--backlog": backlog = try Options.number(rest.popFirst())
      case "--rounds": rounds = try Options.number(rest.popFirst())
      case "--cases": cases = try Options.number(rest.popFirst())
      case "--desk-seconds": deskSeconds = try Options.number(rest.popFirst())
      default: throw Invalid(argument: argument)
      }
    }
  }

  private static func parts(_ text: String) throws(Invalid) -> Set<Part> {
    var parts: Set<Part> = []
    for name in text.split(separator: ",") {
      guard let part = Part(rawValue: String(name)) else { throw Invalid(argument: String(name)) }
      parts.insert(part)
    }
    return parts
  }

  private static func number(_ text: String?) throws(Invalid) -> Int {
    guard let number = text.flatMap({ Int($0) }), number > 0 else { throw Invalid(argument: text ?? "") }
    return number
  }
}

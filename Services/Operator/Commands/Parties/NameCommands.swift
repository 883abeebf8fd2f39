import ComplianceScreeningEngine
import JSON
import Names
import PartyLists

/// How well names are compared and lists are searched, measured on files of known answers.
enum NameCommands {
  private static let threshold = Option(
    "threshold", "X", "from 0 to 1; the one that cases are screened with when absent")
  private static let mistakes = Option("mistakes", nil, "print what was judged wrongly")

  static let compare = Command(
    "compare-names", "How well pairs of names are told apart", group: .work,
    operands: [Operand("FILE", "a CSV file with the columns name1, name2, is_match, and schema where it is known")],
    options: [threshold, mistakes, .json], notes: "Works offline, as cases are screened."
  ) { arguments, console in
    let path = arguments.operands[0]
    let csv = try LocalFile.read(path)
    let pairs = try reading(path) { () throws(PartyList.FormatError) in try PairEvaluation.pairs(csv: csv) }
    let result = PairEvaluation(pairs, threshold: try limit(arguments))
    if arguments.has("mistakes") {
      for miss in result.mistakes {
        console.line(
          "\(miss.pair.isMatch ? "missed" : "matched") \(Figure.text(miss.score, decimals: 2)) \(miss.pair.left) | \(miss.pair.right)"
        )
      }
    }
    console.line(arguments.has("json") ? result.json.text : result.report)
    return .success
  }

  static let screen = Command(
    "screen-names", "How well names are found on lists", group: .work,
    operands: [
      Operand("FILE", "a CSV file with the columns query, expected_id, and schema, dob, country where they are known")
    ],
    options: [
      Option("list", "FOLDER", "lists as their authorities publish them", isRequired: true), threshold, mistakes, .json,
    ], notes: "Works offline, as cases are screened. An empty expected_id means that nobody listed is meant."
  ) { arguments, console in
    let path = arguments.operands[0]
    let csv = try LocalFile.read(path)
    let queries = try reading(path) { () throws(PartyList.FormatError) in try ScreenEvaluation.queries(csv: csv) }
    let lists = try ListFiles(at: arguments.required("list")).lists()
    let screen = PartyScreen(lists: lists)
    let result = ScreenEvaluation(queries, in: screen, threshold: try limit(arguments))
    if arguments.has("mistakes") { for mistake in result.mistakes { console.line(mistake) } }
    let names = lists.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.names.count } }
    console.line(arguments.has("json") ? result.json(names: names).text : result.report(names: names))
    return .success
  }

  private static func limit(_ arguments: Arguments) throws -> Double {
    guard let text = arguments["threshold"] else { return NameMatch.threshold }
    guard let value = Double(text), value > 0, value <= 1 else {
      throw UsageError("--threshold is a number above 0 and up to 1, not '\(text)'")
    }
    return value
  }

  private static func reading<T>(_ path: String, _ read: () throws(PartyList.FormatError) -> T) throws -> T {
    do { return try read() } catch { throw Failure("\(path): \(error)") }
  }
}

extension PairEvaluation {
  var json: JSONValue {
    [
      "precision": Figure.json(precision), "recall": Figure.json(recall), "f1": Figure.json(f1),
      "fpr": Figure.json(falsePositiveRate), "usPerPair": Figure.json(microsecondsPerPair, decimals: 2),
      "threshold": Figure.json(threshold),
    ]
  }

  var report: String {
    """
    precision \(Figure.text(precision, decimals: 3)), recall \(Figure.text(recall, decimals: 3)), F1 \
    \(Figure.text(f1, decimals: 3)), false positive rate \(Figure.text(falsePositiveRate, decimals: 3)) at \
    \(Figure.text(threshold, decimals: 2)); \(Figure.text(microsecondsPerPair, decimals: 1)) µs a pair
    """
  }
}

extension ScreenEvaluation {
  func json(names: Int) -> JSONValue {
    [
      "recall": Figure.json(recall), "negativesFlagged": Figure.json(negativesFlagged),
      "hitsPerPositive": Figure.json(hitsPerPositive), "msPerQuery": Figure.json(millisecondsPerQuery),
      "threshold": Figure.json(threshold), "names": .integer(Int64(names)), "positives": .integer(Int64(positives)),
      "negatives": .integer(Int64(negatives)),
    ]
  }

  func report(names: Int) -> String {
    """
    \(found) of \(positives) found (\(Figure.text(recall, decimals: 3))), \(flagged) of \(negatives) others flagged, \
    \(Figure.text(hitsPerPositive, decimals: 2)) hits for each that is there, at \(Figure.text(threshold, decimals: 2)); \
    \(Figure.text(millisecondsPerQuery, decimals: 2)) ms a query against \(names) names
    """
  }
}

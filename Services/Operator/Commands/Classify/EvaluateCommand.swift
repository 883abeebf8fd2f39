import ClassifierEngine
import Domain
import JSON

/// `pabean evaluate`: how often the classifier is right on listings whose code is known, and whether its confidence
/// keeps its promise.
enum EvaluateCommand {
  static let command = Command(
    "evaluate", "How often the classifier is right on listings of known code", group: .work,
    operands: [Operand("FILE", "a CSV file with the columns title, attributes, category, hs6")],
    options: [
      Option("history", "FILE", "a CSV file of the same columns, learnt first as a tenant's precedents"), .json,
    ],
    notes: """
      Works offline, from the knowledge beside the program. The codes in FILE are read to score alone: every threshold
      and calibration comes from the knowledge and the history.
      """
  ) { arguments, console in
    let items = try listings(arguments.operands[0], console)
    var model = try ClassifierFiles.model()
    if let history = arguments["history"] { model = model.learning(from: try listings(history, console)) }
    let evaluation = Evaluation(model: model, items: items, market: market)
    if arguments.has("json") {
      console.line(evaluation.json.text)
    } else {
      console.line(evaluation.report)
    }
    return .success
  }

  private static let market = Market("SG")!

  private static func listings(_ path: String, _ console: Console) throws -> [LabelledListing] {
    do {
      let contents = try LabelledListings.contents(csv: try text(path, console), market: market)
      if let first = contents.linesLeftOut.first {
        let remedy = "each needs all columns, and six digits in hs6"
        console.note("\(path): \(contents.linesLeftOut.count) rows are left out, the first on line \(first): \(remedy)")
      }
      if contents.items.isEmpty { throw Failure("\(path): there is no row with a code to measure by") }
      return contents.items
    } catch let error as LabelledListings.Problem {
      throw Failure("\(path): \(error)")
    }
  }

  private static func text(_ path: String, _ console: Console) throws -> String {
    let bytes = try LocalFile.read(path)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw Failure("\(path) is UTF-16", remedy: "save it as 'CSV UTF-8'")
    }
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    console.note("\(path): some letters are not UTF-8 and cannot be read; save it as 'CSV UTF-8'")
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Evaluation {
  var json: JSONValue {
    func levels(_ value: (Accuracy) -> Double) -> JSONValue {
      .object(JSONObject([2, 4, 6].map { ("\($0)", Share(accuracy[$0].map(value) ?? 0).json) }))
    }
    func cleared(_ clearing: Clearing) -> JSONValue {
      ["coverage": Share(clearing.coverage).json, "precision": Share(clearing.precision).json]
    }
    return [
      "rows": .integer(Int64(count)), "top1": levels(\.top1), "top3": levels(\.top3),
      "ece6": Share(calibrationErrors[6] ?? 1).json, "at90": cleared(clearing(at: 0.9)),
      "budget2": cleared(clearing(errorBudget: 0.02)), "budget5": cleared(clearing(errorBudget: 0.05)),
      "vague": Share(vagueShare).json, "perSecond": .integer(Int64(itemsPerSecond)),
    ]
  }
}

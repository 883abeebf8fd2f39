/// The fitted confidence as a file that people can read and compare: `name value` on each line. It is fitted by
/// `pabean train` and read at start, since fitting takes as long as building the model several times.
enum CalibrationFile {
  static let name = "calibration.txt"

  static func text(_ calibration: Calibration, knowledge: String) -> String {
    let lines = zip(RankingView.inputNames, calibration.regression.weights).map { "\($0) \($1)" }
    return "# Fitted by 'pabean train' on the knowledge \(knowledge.prefix(12)).\n" + lines.joined(separator: "\n")
      + "\n"
  }

  /// nil where the inputs are not those of this version: it must be fitted again.
  static func read(_ text: String) throws -> Calibration? {
    var values: [String: Double] = [:]
    for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && line.first != UInt8(ascii: "#") {
      let parts = line.split(separator: UInt8(ascii: " "))
      guard parts.count == 2, let value = Double(Substring(parts[1])) else {
        throw KnowledgeError(file: name, line: number + 1, reason: "is not a name and a number")
      }
      values[String(Substring(parts[0]))] = value
    }
    guard Set(values.keys) == Set(RankingView.inputNames) else { return nil }
    return Calibration(LogisticRegression(weights: RankingView.inputNames.map { values[$0] ?? 0 }))
  }
}

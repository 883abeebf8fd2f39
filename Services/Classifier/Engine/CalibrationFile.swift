/// The fitted confidence as a file that people can read and compare: a name and its weight for each claim on each line.
/// It is fitted by `pabean train` and read at start, since fitting takes as long as building the model several times.
enum CalibrationFile {
  static let name = "calibration.txt"

  static func text(_ calibration: Calibration, knowledge: String) -> String {
    let claims = Claim.allCases.map(\.rawValue).joined(separator: " ")
    let lines = Calibration.inputNames.enumerated().map { place, name in
      "\(name) " + calibration.model.regressions.map { "\($0.weights[place])" }.joined(separator: " ")
    }
    return "# Fitted by 'pabean train' on the knowledge \(knowledge.prefix(12)).\n# input \(claims)\n"
      + lines.joined(separator: "\n") + "\n"
  }

  /// nil where the inputs or claims are not those of this version: it must be fitted again.
  static func read(_ text: String) throws -> Calibration? {
    var rows: [String: [Double]] = [:]
    for (number, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty && line.first != UInt8(ascii: "#") {
      let parts = line.split(separator: UInt8(ascii: " "))
      let values = parts.dropFirst().map { Double(Substring($0)) }
      guard !values.isEmpty, !values.contains(nil) else {
        throw KnowledgeError(file: name, line: number + 1, reason: "is not a name and its numbers")
      }
      rows[String(Substring(parts[0]))] = values.compactMap { $0 }
    }
    guard Set(rows.keys) == Set(Calibration.inputNames), rows.values.allSatisfy({ $0.count == Claim.allCases.count })
    else { return nil }
    return Calibration(
      ClaimModel(
        Claim.allCases.indices.map { claim in
          LogisticRegression(weights: Calibration.inputNames.map { rows[$0]![claim] })
        }))
  }
}

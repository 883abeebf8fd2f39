import JSON

/// What was measured, against what, and whether it reaches its goal.
struct Report: Sendable {
  struct Row: Sendable {
    var name: String
    var figure: Double
    var unit: String
    /// The lowest and the highest of the rounds.
    var spread: ClosedRange<Double>?
    var reference: String?
    var ratio: Double?
    var goal: String?
    var isMet: Bool?
  }

  var rows: [Row] = []

  var table: String {
    var lines = [["measure", "figure", "rounds", "against", "ratio", "goal", "met"]]
    for row in rows {
      lines.append([
        row.name, "\(Report.text(row.figure)) \(row.unit)",
        row.spread.map { "\(Report.text($0.lowerBound))–\(Report.text($0.upperBound))" } ?? "", row.reference ?? "",
        row.ratio.map { Report.text($0) } ?? "", row.goal ?? "", row.isMet.map { $0 ? "yes" : "no" } ?? "",
      ])
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  var json: JSONValue {
    .array(
      rows.map { row in
        var object = JSONObject()
        object["name"] = .string(row.name)
        object["figure"] = .string(Report.text(row.figure))
        object["unit"] = .string(row.unit)
        object.set("lowest", row.spread.map { .string(Report.text($0.lowerBound)) })
        object.set("highest", row.spread.map { .string(Report.text($0.upperBound)) })
        object.set("against", row.reference.map { .string($0) })
        object.set("ratio", row.ratio.map { .string(Report.text($0)) })
        object.set("goal", row.goal.map { .string($0) })
        object.set("met", row.isMet.map { .bool($0) })
        return .object(object)
      })
  }

  /// Three figures are as many as such a measurement has.
  static func text(_ value: Double) -> String {
    if value >= 100 { return String(Int(value.rounded())) }
    let scale: Double = value >= 10 ? 10 : 100
    let scaled = Int((value * scale).rounded())
    let fraction = String(scaled % Int(scale))
    return "\(scaled / Int(scale))." + String(repeating: "0", count: scale == 100 && fraction.count == 1 ? 1 : 0)
      + fraction
  }
}

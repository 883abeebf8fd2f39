/// What fifty reviewers met, as rows of the report.
struct DeskOutcome: Sendable {
  static let goal = 50.0
  static let kilobytesGoal = 150.0
  static let megabytesGoal = 250.0

  var visits: [DeskLoad.Visit]
  var seconds: Int
  var events: Int
  var openStreams: Int
  var memory: Double
  var lookUp: [Double]
  /// Milliseconds of a core for each request, by process.
  var cost: [(name: String, milliseconds: Double)]

  var report: Report {
    var report = Report()
    let floor = Percentiles(visits.filter { $0.page.name == DeskPage.floor.name }.map(\.milliseconds))
    var names: [String] = []
    for visit in visits where !names.contains(visit.page.name) { names.append(visit.page.name) }
    report.rows.append(row("queue and case pages together", visits.filter(\.page.isTimed), floor))
    for name in names.sorted() where name != DeskPage.floor.name {
      report.rows.append(row(name, visits.filter { $0.page.name == name }, floor))
    }
    report.rows.append(
      Report.Row(name: "desk: health, the floor, p95", figure: floor.p95, unit: "ms", spread: floor.p50...floor.p99))
    let key = Percentiles(lookUp)
    report.rows.append(
      Report.Row(name: "desk: a row by its key, p95", figure: key.p95, unit: "ms", spread: key.p50...key.p99))
    addTotals(&report)
    return report
  }

  /// From the median to the 99th percentile stands where other measurements have their rounds.
  private func row(_ name: String, _ visits: [DeskLoad.Visit], _ floor: Percentiles) -> Report.Row {
    let times = Percentiles(visits.map(\.milliseconds))
    let isTimed = visits.contains(where: \.page.isTimed)
    return Report.Row(
      name: "desk: \(name), p95", figure: times.p95, unit: "ms", spread: times.p50...times.p99, reference: "health",
      ratio: times.p95 / max(floor.p95, 0.01), goal: isTimed ? "< \(Report.text(DeskOutcome.goal)) ms" : nil,
      isMet: isTimed ? times.p95 < DeskOutcome.goal : nil)
  }

  private func addTotals(_ report: inout Report) {
    let largest = visits.max { $0.bytes < $1.bytes }
    report.add(
      "desk: largest page (\(largest?.page.name ?? "none"))", Double(largest?.bytes ?? 0) / 1000, "kB",
      below: DeskOutcome.kilobytesGoal)
    report.add("desk: most memory resident", memory, "MB", below: DeskOutcome.megabytesGoal)
    for (name, milliseconds) in cost {
      report.rows.append(
        Report.Row(name: "desk: cost of a request, \(name)", figure: milliseconds, unit: "ms of a core"))
    }
    let offered = Double(visits.count) / Double(seconds)
    report.rows.append(Report.Row(name: "desk: requests", figure: offered, unit: "/s"))
    report.rows.append(
      Report.Row(name: "desk: news to all streams", figure: Double(events) / Double(seconds), unit: "/s"))
    report.rows.append(
      Report.Row(
        name: "desk: streams open at the end", figure: Double(openStreams), unit: "",
        goal: "\(DeskBench.streams)", isMet: openStreams == DeskBench.streams))
    let failed = visits.count { $0.status >= 500 }
    report.rows.append(
      Report.Row(name: "desk: requests that failed", figure: Double(failed), unit: "", goal: "0", isMet: failed == 0))
  }
}

/// Of times in any order.
struct Percentiles: Sendable {
  private let sorted: [Double]

  init(_ times: [Double]) { sorted = times.sorted() }

  var p50: Double { at(50) }
  var p95: Double { at(95) }
  var p99: Double { at(99) }

  private func at(_ percent: Int) -> Double {
    sorted.isEmpty ? 0 : sorted[min(sorted.count * percent / 100, sorted.count - 1)]
  }
}

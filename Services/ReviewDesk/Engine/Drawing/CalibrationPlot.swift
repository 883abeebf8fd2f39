/// What was stated against what was found: points on the dashed line are promises kept, points below it promises broken. The
/// greater the point, the more decisions.
struct CalibrationPlot {
  struct Point: Hashable, Sendable {
    var stated: Double
    var found: Double
    var count: Int64
  }

  var points: [Point]
  var words: Phrase

  private static let (size, left, bottom) = (320.0, 44.0, 42.0)

  var drawing: Drawing {
    let (size, left, bottom) = (CalibrationPlot.size, CalibrationPlot.left, CalibrationPlot.bottom)
    let along = Scale(values: 0...1, from: left, to: size - 10)
    let up = Scale(values: 0...1, from: size - bottom, to: 10)
    var parts: [HTML] = []
    for tick in [0, 0.25, 0.5, 0.75, 1] {
      parts += [
        Drawing.line("grid", along.place(tick), up.place(0), along.place(tick), up.place(1)),
        Drawing.line("grid", along.place(0), up.place(tick), along.place(1), up.place(tick)),
        Drawing.text("\(Int(tick * 100))", left - 6, up.place(tick) + 4, .end),
        Drawing.text("\(Int(tick * 100))", along.place(tick), size - bottom + 15, tick == 1 ? .end : .middle),
      ]
    }
    parts.append(Drawing.line("ideal", along.place(0), up.place(0), along.place(1), up.place(1)))
    parts.append(Drawing.text("stated confidence, %", (left + size) / 2, size - 5, .middle))
    let most = Double(points.map(\.count).max() ?? 1)
    for point in points {
      let radius = 4 + 8 * (Double(point.count) / most).squareRoot()
      parts.append(Drawing.circle("point", along.place(point.stated), up.place(point.found), radius: radius))
    }
    parts.append(Drawing.path("line", points.map { (x: along.place($0.stated), y: up.place($0.found)) }))
    return Drawing(width: size, height: size, words: words, parts: parts)
  }
}

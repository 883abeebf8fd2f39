/// How long things took, as columns over a scale on which equal widths double the time, with the median and the ninth tenth.
struct DurationColumns {
  var steps: DurationSteps
  var words: Phrase

  private static let (width, height, bottom, top) = (640.0, 150.0, 24.0, 22.0)
  private static let marks: [(Phrase, Double)] = [
    ("\(1) s", 1), ("\(10) s", 10), ("\(30) s", 30), ("\(1) min", 60), ("\(2) min", 120), ("\(5) min", 300),
    ("\(10) min", 600), ("\(30) min", 1800), ("\(1) h", 3600), ("\(3) h", 10_800), ("\(8) h", 28_800),
    ("\(2) days", 172_800), ("\(2) weeks", 1_209_600), ("\(3) months", 7_776_000),
  ]

  var drawing: Drawing {
    let (width, height) = (DurationColumns.width, DurationColumns.height)
    guard let first = steps.counts.keys.min(), let last = steps.counts.keys.max() else {
      return Drawing(
        width: width, height: height, words: words, parts: [Drawing.text("Nothing yet.", width / 2, 70, .middle)])
    }
    // One quarter of a doubling on either side, so that a single step is no wall.
    let along = Scale(values: Double(min(first, last - 11) - 1)...Double(last + 2), from: 0, to: width)
    let up = Scale(
      values: 0...Double(steps.counts.values.max() ?? 1), from: height - DurationColumns.bottom, to: DurationColumns.top
    )
    var parts = steps.counts.sorted { $0.key < $1.key }.map { step, count in
      let (left, right) = (along.place(Double(step)), along.place(Double(step + 1)))
      return Drawing.rectangle(
        "bar", x: left + 0.5, y: up.place(Double(count)), width: right - left - 1,
        height: up.place(0) - up.place(Double(count)))
    }
    parts.append(Drawing.line("axis", 0, up.place(0), width, up.place(0)))
    var free = 0.0
    for (name, seconds) in DurationColumns.marks {
      let exact = Double(DurationSteps.step(ofSeconds: seconds * 1.000_001))
      let x = along.place(exact)
      guard along.values.contains(exact), x >= free, x < width - 40 else { continue }
      free = x + 64
      parts.append(Drawing.line("grid", x, up.place(0), x, up.place(0) + 5))
      parts.append(Drawing.text(name, x, height - 6))
    }
    return Drawing(width: width, height: height, words: words, parts: parts + percentiles(along))
  }

  private func percentiles(_ along: Scale) -> [HTML] {
    [("p50" as Phrase, 0.5), ("p90", 0.9)].flatMap { name, share -> [HTML] in
      guard let seconds = steps.percentile(share) else { return [] }
      let x = along.place(Double(DurationSteps.step(ofSeconds: seconds)) + 0.5)
      return [
        Drawing.line("mark", x, 16, x, DurationColumns.height - DurationColumns.bottom),
        Drawing.text(name, x, 12, x > 600 ? .end : .middle, style: "label strong"),
      ]
    }
  }
}

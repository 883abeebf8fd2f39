import Domain
import JSON
import Testing

@testable import ReviewDeskEngine

@Suite("The dashboard's figures")
struct DashboardTests {
  private static let today = CalendarDate("2026-11-20") ?? CalendarDate(daysSinceEpoch: 0)
  private static func ago(_ days: Int64) -> CalendarDate { CalendarDate(daysSinceEpoch: today.daysSinceEpoch - days) }

  // MARK: Durations

  @Test(arguments: [1.0, 7, 59, 61, 3600, 86_400, 1_000_000])
  func `a percentile of one time is that time to within a fifth`(seconds: Double) throws {
    var steps = DurationSteps()
    steps.add(3, at: DurationSteps.step(ofSeconds: seconds))
    let median = try #require(steps.percentile(0.5))
    #expect(median >= seconds / 1.2 && median <= seconds * 1.2, "\(median)")
  }

  @Test func `half lies below the median and nine tenths below the ninth`() throws {
    var steps = DurationSteps()
    for seconds in 1...1000 { steps.add(1, at: DurationSteps.step(ofSeconds: Double(seconds))) }
    let (median, ninth) = (try #require(steps.percentile(0.5)), try #require(steps.percentile(0.9)))
    #expect((420...600).contains(median) && (780...1080).contains(ninth), "\(median) \(ninth)")
    #expect(DurationSteps().percentile(0.5) == nil)
    #expect(steps.count == 1000)
  }

  @Test(
    arguments: [
      (0.0, "0 s"), (59.6, "60 s"), (90, "1.5 min"), (5400, "1.5 h"), (200_000, "2.3 days"),
    ] as [(Double, String)])
  func `a duration is told in the largest unit that fits`(seconds: Double, words: String) {
    #expect(DurationText(seconds: seconds).text.english == words)
  }

  // MARK: Drawing

  @Test func `a scale places its ends at the ends, and what lies outside nowhere else`() {
    let scale = Scale(values: 0...10, from: 100, to: 0)
    #expect([0, 5, 10, 11, -1].map(scale.place) == [100, 50, 0, 0, 100])
    #expect(Scale(values: 3...3, from: 7, to: 9).place(3) == 7)
  }

  @Test(
    arguments: [
      (0.0, [0.0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (7, [0, 2, 4, 6, 8]), (90, [0, 50, 100]),
      (1234, [0, 500, 1000, 1500]),
    ] as [(Double, [Double])])
  func `marks stand at round numbers and reach what is drawn`(value: Double, ticks: [Double]) {
    #expect(Scale.ticks(upTo: value) == ticks)
  }

  @Test func `a line is broken where there is no point`() {
    #expect(Drawing.pathData([(x: 0, y: 1), (x: 2.25, y: -3), nil, (x: 4, y: 5)]) == "M0 1L2.3 -3M4 5")
  }

  @Test func `no picture has anything but shapes and words, and its text is escaped`() {
    let bars = Bars(
      rows: [.init(name: .verbatim("<script>"), parts: [1, 2], figure: .verbatim("\"3\""))], styles: ["bar", "bar"],
      words: .verbatim("a \"<b>\""))
    let source = bars.drawing.html.source
    #expect(!source.contains("<script") && !source.contains("style=") && source.contains("&lt;script&gt;"))
    #expect(source.contains("role=\"img\" aria-label=\"a &quot;&lt;b&gt;&quot;\""))
  }

  @Test func `a plot of nothing, of zeros and of one is drawn`() {
    for steps in [[:], [0: 1], [60: 5, 4: 1]] as [[Int: Int64]] {
      let source = DurationColumns(steps: DurationSteps(steps), words: "w").drawing.html.source
      #expect(!source.contains("nan") && !source.contains("inf"))
    }
    for columns in [[], [StackedColumns.Column(label: "a", parts: [0, 0])]] as [[StackedColumns.Column]] {
      let source = StackedColumns(columns: columns, styles: ["a", "b"], words: "w").drawing.html.source
      #expect(!source.contains("nan") && !source.contains("inf"))
    }
    #expect(
      !Bars(rows: [.init(name: "", parts: [0], figure: "")], styles: ["b"], words: "").drawing.html.source.contains(
        "nan"))
  }

  // MARK: Figures

  @Test func `days without cases have a place too, and other days none`() {
    let figures = [
      DashboardFigure(day: Self.ago(0), .lane, "auto", count: 8),
      DashboardFigure(day: Self.ago(2), .lane, "exception", count: 2),
      DashboardFigure(day: Self.ago(2), .lane, "manual", count: 1),
      DashboardFigure(day: Self.ago(30), .lane, "auto", count: 99),
    ]
    let dashboard = Dashboard(DashboardQuery(days: 7), today: Self.today, byDay: figures, byMarket: [])
    #expect(dashboard.lanes.map(\.count) == [0, 0, 0, 0, 3, 0, 8])
    #expect(dashboard.cleared == Share(8, of: 11))
    #expect(dashboard.weeks.map(\.cases) == [11])
  }

  @Test func `a week costs what its people and second opinions do, where the tenant reckons`() throws {
    let currency = try #require(CurrencyCode("SGD"))
    let figures = [
      DashboardFigure(day: Self.ago(1), .lane, "auto", count: 150),
      DashboardFigure(day: Self.ago(1), .lane, "exception", count: 50),
      DashboardFigure(day: Self.ago(1), .handling, "20", count: 50, total: 4500),
      DashboardFigure(day: Self.ago(1), .opinion, "", count: 10, total: 250_000),
    ]
    let costs = WorkCosts(currency: currency, hour: 40, millionTokens: 6)
    let dashboard = Dashboard(
      DashboardQuery(days: 7), today: Self.today, byDay: figures, byMarket: [], costs: costs)
    let week = try #require(dashboard.weeks.first)
    // 4,500 s of 40 an hour and a quarter of 6.
    #expect(week.cost(costs) == Money(minorUnits: 5150, currency: currency))
    #expect(week.costPerCase(costs) == Money(minorUnits: 26, currency: currency))
    #expect(dashboard.json["usage"]?.arrayValue?.first?["costPerCase"]?["amount"] == "0.26")
    let silent = Dashboard(DashboardQuery(days: 7), today: Self.today, byDay: figures, byMarket: [])
    #expect(silent.json["usage"]?.arrayValue?.first?["cost"] == nil)
    #expect(silent.json["usage"]?.arrayValue?.first?["secondsOfPeople"] == 4500)
  }

  @Test func `what is stated is compared with how often people agreed`() throws {
    let singapore = try #require(Market("SG"))
    let malaysia = try #require(Market("MY"))
    let figures = [
      DashboardFigure(market: singapore, .judged, "9", count: 10, total: 9),
      DashboardFigure(market: singapore, .stated, "9", count: 10, total: 9_500_000),
      DashboardFigure(market: malaysia, .judged, "9", count: 10, total: 10),
      DashboardFigure(market: malaysia, .stated, "9", count: 10, total: 9_500_000),
      DashboardFigure(market: singapore, .judged, "2", count: 1, total: 0),
      DashboardFigure(market: singapore, .stated, "2", count: 1, total: 250_000),
    ]
    let dashboard = Dashboard(DashboardQuery(), today: Self.today, byDay: [], byMarket: figures)
    #expect(dashboard.calibration.map(\.tenth) == [2, 9])
    #expect(dashboard.calibration.map(\.agreed) == [Share(0, of: 1), Share(19, of: 20)])
    #expect(dashboard.calibration.map(\.stated) == [0.25, 0.95])
  }

  @Test func `amounts of one market and currency are added exactly, and others kept apart`() throws {
    let market = try #require(Market("SG"))
    let figures = [
      DashboardFigure(market: market, .duty, "clear SGD", count: 2, total: 10_000_001_000),
      DashboardFigure(market: market, .duty, "held SGD", count: 1, total: 5_000),
      DashboardFigure(market: market, .duty, "held USD", count: 1, total: 10_000),
      DashboardFigure(market: market, .duty, "held XXX", count: 1, total: 10_000),
    ]
    let exposure = Dashboard(DashboardQuery(), today: Self.today, byDay: [], byMarket: figures).exposure
    #expect(exposure.map(\.currency.code) == ["SGD", "USD"])
    #expect(exposure.first?.clear == Decimal(1_000_000_100, scale: 3) && exposure.first?.held == Decimal(5, scale: 1))
    #expect(exposure.first?.cases == 3)
  }

  // MARK: Drift

  private func drift(lately: (vague: Int64, clear: Int64), before: (vague: Int64, clear: Int64)) -> Drift? {
    let figures = [
      DashboardFigure(day: Self.ago(3), .description, "vague", count: lately.vague),
      DashboardFigure(day: Self.ago(3), .description, "clear", count: lately.clear),
      DashboardFigure(day: Self.ago(20), .description, "vague", count: before.vague),
      DashboardFigure(day: Self.ago(20), .description, "clear", count: before.clear),
      DashboardFigure(day: Self.ago(40), .description, "vague", count: 1000),
    ]
    return Drift.all(figures, today: Self.today).first { $0.subject == .vagueDescriptions }
  }

  @Test func `an alarm says what rose, from what to what, and where to look`() throws {
    let drift = try #require(self.drift(lately: (20, 80), before: (20, 380)))
    #expect(drift.isAlarm)
    #expect(
      drift.sentence.english
        == "Descriptions that are too vague rose: 20 % in the last seven days, 5 % in the four weeks before. "
        + "Look at which seller or category sends them.")
  }

  @Test func `few cases, small differences and what chance makes raise no alarm`() throws {
    #expect(drift(lately: (9, 1), before: (20, 380))?.isAlarm == false, "few")
    #expect(drift(lately: (700, 9300), before: (2000, 38_000))?.isAlarm == false, "small")
    #expect(drift(lately: (6, 44), before: (5, 95))?.isAlarm == false, "chance")
    #expect(drift(lately: (0, 0), before: (5, 95))?.sentence.english.contains("too little") == true)
  }

  @Test func `a fall of the mean confidence is told`() throws {
    let figures = [
      DashboardFigure(day: Self.ago(0), .confidence, "5", count: 100, total: 55_000_000),
      DashboardFigure(day: Self.ago(6), .confidence, "9", count: 100, total: 95_000_000),
      DashboardFigure(day: Self.ago(7), .confidence, "9", count: 400, total: 380_000_000),
    ]
    let drift = try #require(Drift.all(figures, today: Self.today).first { $0.subject == .confidence })
    #expect(
      drift.isAlarm && drift.sentence.english.contains("fell: 75 % in the last seven days, 95 %"),
      "\(drift.sentence.english)")
  }

  @Test func `the query takes what the form and the API send, and names what it does not take`() throws {
    #expect(try DashboardQuery([("days", "7"), ("market", "")], isLenient: true) == DashboardQuery(days: 7))
    #expect(try DashboardQuery([("market", "SG")]) == DashboardQuery(market: Market("SG")))
    #expect { try DashboardQuery([("days", "8"), ("market", "sg")]) } throws: { error in
      (error as? Refusal)?.issues.map(\.field) == ["days", "market"]
    }
  }
}

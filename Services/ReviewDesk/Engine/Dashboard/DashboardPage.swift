import Domain

/// How the work goes, in pictures, each with its table.
public struct DashboardPage {
  private let dashboard: Dashboard
  private let visitor: Visitor
  private let markets: [Market]
  private let now: Instant

  /// - Parameter markets: those to choose from.
  public init(_ dashboard: Dashboard, _ visitor: Visitor, markets: [Market], now: Instant) {
    self.dashboard = dashboard
    self.visitor = visitor
    self.markets = markets
    self.now = now
  }

  public var html: HTML {
    Page(title: "Dashboard", visitor: visitor).render {
      HTML.element("h1") { "How the work goes" }
      HTML.element("p", .class("sum")) { period }
      filter
      alarms
      tiles
      for panel in panels { panel.html }
    }
  }

  private var period: Phrase {
    let first = dashboard.query.firstDay(today: dashboard.today)
    let counted: Phrase = dashboard.countedAt.map { "counted at \($0)" } ?? "not counted yet"
    return "\(first) to \(dashboard.today), days of UTC, \(counted)."
  }

  private var filter: HTML {
    .element("form", .init("method", "get"), .init("action", "/dashboard"), .class("filter")) {
      HTML.element("label", .init("for", "days")) { "Days" }
      HTML.element("select", .id("days"), .init("name", "days")) {
        for days in DashboardQuery.periods {
          HTML.element(
            "option", .init("value", "\(days)"), .init("selected", if: days == dashboard.query.days)
          ) { "\(days)" }
        }
      }
      HTML.element("label", .init("for", "market")) { "Market" }
      HTML.element("select", .id("market"), .init("name", "market")) {
        HTML.element("option", .init("value", "")) { "all" }
        for market in markets {
          HTML.element(
            "option", .init("value", market.code), .init("selected", if: market == dashboard.query.market)
          ) { market.code }
        }
      }
      HTML.element("button") { "Show" }
    }
  }

  private var alarms: HTML {
    let alarms = dashboard.drift.filter(\.isAlarm).map(\.sentence) + writeBackAlarms
    guard !alarms.isEmpty else {
      return .element("p", .class("notice")) { "Nothing is out of the ordinary." }
    }
    return .element("div", .class("fault"), .init("role", "alert")) {
      HTML.element("ul") { for alarm in alarms { HTML.element("li") { alarm } } }
    }
  }

  private static let pendingMax = Duration.seconds(3600)

  private var writeBackAlarms: [Phrase] {
    var alarms: [Phrase] = []
    let dead = dashboard.undelivered["dead"]?.count ?? 0
    if dead > 0 {
      alarms.append(
        dead == 1
          ? "1 delivery was given up. Look at its case." : "\(dead) deliveries were given up. Look at their cases.")
    }
    if let oldest = dashboard.undelivered["pending"]?.oldest, oldest.adding(DashboardPage.pendingMax) < now {
      alarms.append(
        "A delivery has been waiting for \(Age.span(from: oldest, to: now)). Look at its destination.")
    }
    return alarms
  }

  // MARK: At a glance

  private func spread(_ steps: DurationSteps) -> Phrase {
    steps.counts.isEmpty ? "no decision yet" : "median; nine in ten within \(duration(steps, 0.9))"
  }

  private var tiles: HTML {
    .element("dl", .class("tiles")) {
      tile(
        "Cleared by itself", dashboard.cleared.percent,
        dashboard.cleared.whole == 1 ? "of 1 case" : "of \(dashboard.cleared.whole) cases")
      tile("Wait for a person", "\(dashboard.waiting.count)", oldestWaiting)
      tile(
        "Time in the queue", duration(dashboard.wait, 0.5),
        spread(dashboard.wait))
      tile(
        "Time per decision", duration(dashboard.handling, 0.5),
        spread(dashboard.handling))
      tile(
        "Codes replaced", dashboard.overrides.percent,
        dashboard.overrides.whole == 1
          ? "of 1 decision on a code" : "of \(dashboard.overrides.whole) decisions on a code")
    }
  }

  private var oldestWaiting: Phrase {
    guard let oldest = dashboard.waiting.oldest else { return "now" }
    let age = Age(from: oldest, to: now)
    return age.isNow ? "the oldest came just now" : "the oldest for \(age.text)"
  }

  private func tile(_ name: Phrase, _ figure: Phrase, _ hint: Phrase) -> HTML {
    .element("div", .class("tile")) {
      HTML.element("dt") { name }
      HTML.element("dd", .class("value")) { figure }
      HTML.element("dd", .class("hint")) { hint }
    }
  }

  private func duration(_ steps: DurationSteps, _ share: Double) -> Phrase {
    steps.percentile(share).map { DurationText(seconds: $0).text } ?? "none yet"
  }

  // MARK: Panels

  private var panels: [Panel] {
    [
      lanes, times, calibration, overrides, reasons, exposure, writeBack, drift, usage,
    ]
  }

  private var lanes: Panel {
    let days = dashboard.lanes
    return Panel(
      id: "lanes", title: "Cases by lane",
      hint: "When they were routed. What cleared by itself went the automatic lane.",
      legend: [("lane-auto", "automatic"), ("lane-exception", "exception"), ("lane-manual", "manual")],
      drawing: StackedColumns(
        columns: days.map { .init(label: "\(day: $0.day)", parts: [$0.auto, $0.exception, $0.manual]) },
        styles: ["lane-auto", "lane-exception", "lane-manual"],
        words:
          "Cases of each day by lane. \(dashboard.cleared.percent) of \(dashboard.cleared.whole) cleared by itself."
      ).drawing,
      table: Table(
        name: "Cases by lane", columns: ["Day", "Automatic", "Exception", "Manual", "Cleared"],
        rows: days.reversed().filter { $0.count > 0 }.map {
          [
            .phrase("\($0.day)"), .number("\($0.auto)"), .number("\($0.exception)"), .number("\($0.manual)"),
            .number($0.cleared.percent),
          ]
        }))
  }

  private var times: Panel {
    let all: [(Phrase, DurationSteps)] = [("In the queue", dashboard.wait), ("Per decision", dashboard.handling)]
    return Panel(
      id: "times", title: "How long people take",
      hint:
        "In the queue: from being held to the first decision. Per decision: from taking the case in hand to deciding it.",
      drawings: all.filter { !$0.1.counts.isEmpty }.map { name, steps in
        (
          name,
          DurationColumns(
            steps: steps,
            words: "\(name): half within \(duration(steps, 0.5)), nine in ten within \(duration(steps, 0.9))."
          ).drawing
        )
      },
      table: Table(
        name: "How long people take", columns: ["What", "Decisions", "Median", "Nine in ten"],
        rows: all.map { name, steps in
          [
            .phrase(name), .number("\(steps.count)"), .number(duration(steps, 0.5)), .number(duration(steps, 0.9)),
          ]
        }))
  }

  private var calibration: Panel {
    let steps = dashboard.calibration
    return Panel(
      id: "calibration", title: "Accuracy by confidence",
      hint:
        """
        Of what was proposed with a confidence and then judged by a person: how often the person agreed with its six \
        digits. What cleared by itself is judged by second looks alone. Points below the dashed line were too sure.
        """,
      drawing: CalibrationPlot(
        points: steps.map { .init(stated: $0.stated, found: $0.agreed.value ?? 0, count: $0.agreed.whole) },
        words: "Stated confidence against how often people agreed, in \(steps.count) steps; the table has the figures."
      ).drawing,
      table: Table(
        name: "Accuracy by confidence", columns: ["Stated", "Mean stated", "Judged", "Agreed"],
        rows: steps.map {
          [
            .phrase("\($0.tenth * 10)–\($0.tenth * 10 + 10) %"), .number(Share.percent($0.stated)),
            .number("\($0.agreed.whole)"), .number($0.agreed.percent),
          ]
        }))
  }

  private var overrides: Panel {
    let shown = dashboard.chapters.filter { $0.overridden.part > 0 }
    return Panel(
      id: "overrides", title: "Overrides by chapter",
      hint: "Of the chapter that was proposed. Overturned after it was decided: \(overturned).",
      drawing: Bars(
        rows: shown.prefix(12).map {
          .init(
            name: "Chapter \($0.chapter)", parts: [Double($0.overridden.part)],
            figure: "\($0.overridden.part) of \($0.overridden.whole)")
        }, styles: ["bar"], words: "Overrides by chapter, the most first; the table has the figures."
      ).drawing,
      table: Table(
        name: "Overrides by chapter", columns: ["Chapter", "Decisions", "Overridden", "Share"],
        rows: dashboard.chapters.map {
          [
            .text($0.chapter), .number("\($0.overridden.whole)"), .number("\($0.overridden.part)"),
            .number($0.overridden.percent),
          ]
        }))
  }

  private var overturned: Phrase {
    let known = Decision.Kind.allCases.compactMap { kind in
      dashboard.overturned[kind].map { "\(kind.phrase): \($0)" as Phrase }
    }
    return known.isEmpty ? "none" : .list(known)
  }

  private var reasons: Panel {
    let markets = Set(dashboard.reasons.flatMap { $0.byMarket.keys }).sorted()
    return Panel(
      id: "reasons", title: "Exceptions by reason and market",
      hint: "A case counts once for each kind of reason it was held for.",
      drawing: Bars(
        rows: dashboard.reasons.map { .init(name: $0.kind.phrase, parts: [Double($0.count)], figure: "\($0.count)") },
        styles: ["bar"], words: "Cases held, by reason, the most frequent first; the table has the figures."
      ).drawing,
      table: Table(
        name: "Exceptions by reason and market", columns: ["Reason", "All"] + markets.map { .verbatim($0.code) },
        rows: dashboard.reasons.map { reason in
          [.phrase(reason.kind.phrase), .number("\(reason.count)")]
            + markets.map { .number("\(reason.byMarket[$0, default: 0])") }
        }))
  }

  private var exposure: Panel {
    Panel(
      id: "exposure", title: "Duty exposure",
      hint:
        """
        Duty and taxes estimated for the best candidate and one unit, where they are known. Each bar is a whole: how \
        much of it is held.
        """,
      legend: [("lane-auto", "cleared"), ("lane-exception", "held")],
      drawing: Bars(
        rows: dashboard.exposure.map { exposure in
          let whole = exposure.clear + exposure.held
          let held = whole.isZero ? 0 : exposure.held.approximate / whole.approximate
          return .init(
            name: "\(exposure.market), \(exposure.currency)", parts: whole.isZero ? [0, 0] : [1 - held, held],
            figure: "\(whole, places: exposure.currency.minorUnitDigits)")
        }, styles: ["lane-auto", "lane-exception"],
        words: "Share of duty and taxes that is held, by market; the table has the figures.", whole: 1
      ).drawing,
      table: Table(
        name: "Duty exposure", columns: ["Market", "Currency", "Cases", "Cleared", "Held"],
        rows: dashboard.exposure.map {
          let digits = $0.currency.minorUnitDigits
          return [
            .text($0.market.code), .text($0.currency.code), .number("\($0.cases)"),
            .number("\($0.clear, places: digits)"), .number("\($0.held, places: digits)"),
          ]
        }))
  }

  private var writeBack: Panel {
    let states: [(String, Phrase)] = [
      ("pending", "On their way"), ("dead", "Given up"), ("conflict", "In conflict with the ERP"),
    ]
    let rows: [(Phrase, Int64, Instant?)] =
      [("Delivered", dashboard.delivery.count, nil)]
      + states.map { state, name in
        (name, dashboard.undelivered[state]?.count ?? 0, dashboard.undelivered[state]?.oldest)
      }
    return Panel(
      id: "write-back", title: "Write-back",
      hint: """
        Delivered in these days, half within \(duration(dashboard.delivery, 0.5)) and nine in ten within \
        \(duration(dashboard.delivery, 0.9)) of the decision; the rest as it is now.
        """,
      drawing: Bars(
        rows: rows.map { .init(name: $0.0, parts: [Double($0.1)], figure: "\($0.1)") }, styles: ["bar"],
        words: "Deliveries by state; the table has the figures."
      ).drawing,
      table: Table(
        name: "Write-back", columns: ["State", "Deliveries", "Oldest"],
        rows: rows.map { [.phrase($0.0), .number("\($0.1)"), .phrase($0.2.map { "\($0)" } ?? "")] }))
  }

  private var drift: Panel {
    Panel(
      id: "drift", title: "Drift",
      hint: """
        The last seven days against the four weeks before, whatever period is shown. An alarm needs at least \
        \(Drift.countMin) on either side and a difference that chance hardly makes.
        """,
      drawing: Bars(
        rows: dashboard.drift.flatMap { drift -> [Bars.Row] in
          [("lately" as Phrase, drift.lately), ("before", drift.before)].map { name, mean in
            .init(
              name: "\(drift.subject.shortWords), \(name)", parts: [mean?.value ?? 0],
              figure: mean.map { Share.percent($0.value) } ?? "none yet")
          }
        }, styles: ["bar"], words: .list(dashboard.drift.map(\.sentence), separator: " "), whole: 1
      ).drawing,
      table: Table(
        name: "Drift", columns: ["What", "Last seven days", "Four weeks before", "Alarm"],
        rows: dashboard.drift.map { drift in
          func words(_ mean: Drift.Mean?) -> Phrase {
            mean.map { "\(Share.percent($0.value)) of \($0.count)" } ?? "none yet"
          }
          return [
            .phrase(drift.subject.words), .number(words(drift.lately)), .number(words(drift.before)),
            .phrase(drift.isAlarm ? "yes" : "no"),
          ]
        }))
  }

  private var usageHint: Phrase {
    dashboard.costs == nil
      ? "By weeks, the last of them ending today. With what an hour costs (costs in the policy), a case's cost stands here."
      : "By weeks, the last of them ending today. The cost of people's time and of second opinions, by the rates in the policy."
  }

  private var usage: Panel {
    Panel(
      id: "usage", title: "Usage of \(visitor.tenant)", hint: usageHint,
      legend: [("lane-auto", "cleared by itself"), ("lane-exception", "held")],
      drawing: StackedColumns(
        columns: dashboard.weeks.map {
          .init(label: "\(day: $0.first)", parts: [$0.automatic, $0.cases - $0.automatic])
        },
        styles: ["lane-auto", "lane-exception"], words: "Cases of each week; the table has the figures."
      ).drawing,
      table: Table(
        name: "Usage",
        columns: ["Week from", "Cases", "Automatic", "Decisions of people", "Time of people", "Second opinions"]
          + (dashboard.costs == nil ? [] : ["Cost", "Cost of a case"]),
        rows: dashboard.weeks.reversed().map(usageRow)))
  }

  private func usageRow(_ week: UsageWeek) -> [Table.Cell] {
    let costs = dashboard.costs.map { costs in
      [
        Table.Cell.number("\(week.cost(costs))"), .number(week.costPerCase(costs).map { "\($0)" } ?? "none"),
      ]
    }
    return [
      .phrase("\(week.first)"), .number("\(week.cases)"), .number(Share(week.automatic, of: week.cases).percent),
      .number("\(week.decisions)"), .number(DurationText(seconds: Double(week.seconds)).text),
      .number("\(week.opinions)"),
    ] + (costs ?? [])
  }
}

/// A picture beside its table.
struct Panel {
  var id: String
  var title: Phrase
  var hint: Phrase
  var legend: [(style: String, name: Phrase)] = []
  /// A drawing that stands alone needs no name.
  var drawings: [(name: Phrase?, drawing: Drawing)]
  var table: Table

  init(
    id: String, title: Phrase, hint: Phrase, legend: [(style: String, name: Phrase)] = [], drawing: Drawing,
    table: Table
  ) {
    self.init(id: id, title: title, hint: hint, legend: legend, drawings: [(nil, drawing)], table: table)
  }

  init(
    id: String, title: Phrase, hint: Phrase, legend: [(style: String, name: Phrase)] = [],
    drawings: [(name: Phrase?, drawing: Drawing)], table: Table
  ) {
    self.id = id
    self.title = title
    self.hint = hint
    self.legend = legend
    self.drawings = drawings
    self.table = table
  }

  var html: HTML {
    .element("section", .class("panel"), .init("aria-labelledby", id)) {
      HTML.element("h2", .id(id)) { title }
      HTML.element("p", .class("hint")) { hint }
      HTML.element("div", .class("pair")) {
        HTML.element("div", .class("picture")) {
          if !legend.isEmpty && !table.rows.isEmpty { key }
          if table.rows.isEmpty || drawings.isEmpty {
            HTML.element("p", .class("empty")) { "Nothing to draw yet." }
          } else {
            pictures
          }
        }
        table.html
      }
    }
  }

  private var pictures: HTML {
    .fragment(
      drawings.map { name, drawing in
        guard let name else { return drawing.html }
        return .element("figure") {
          HTML.element("figcaption", .class("hint")) { name }
          drawing.html
        }
      })
  }

  private var key: HTML {
    .element("ul", .class("legend")) {
      for (style, name) in legend {
        HTML.element("li") {
          HTML.element("span", .class("swatch \(style)"))
          name
        }
      }
    }
  }
}

extension Decimal {
  /// For drawing alone.
  fileprivate var approximate: Double { Double(text(places: 4)) ?? 0 }
}

extension Drift.Subject {
  fileprivate var shortWords: Phrase {
    switch self {
    case .vagueDescriptions: "Vague"
    case .confidence: "Confidence"
    case .overrides: "Replaced"
    }
  }
}

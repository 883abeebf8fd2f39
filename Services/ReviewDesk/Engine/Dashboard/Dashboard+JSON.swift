import Domain
import JSON

extension Dashboard {
  /// What `GET /v1/review/dashboard` answers.
  public var json: JSONValue {
    var object = JSONObject([
      ("from", query.firstDay(today: today).json), ("to", today.json), ("days", .integer(Int64(query.days))),
    ])
    object.set("market", query.market?.json)
    object.set("countedAt", countedAt?.json)
    object["cases"] = .integer(cleared.whole)
    object["clearedShare"] = cleared.json
    object["lanes"] = .array(lanes.map(\.json))
    object["waiting"] = waiting.json
    object["timeInQueue"] = wait.json
    object["timePerDecision"] = handling.json
    object["decisions"] = Dashboard.counts(decisions)
    object["overrideShare"] = overrides.json
    object["overturned"] = Dashboard.counts(overturned)
    object["calibration"] = .array(calibration.map(\.json))
    object["overridesByChapter"] = .array(chapters.map(\.json))
    object["exceptions"] = .array(reasons.map(\.json))
    object["duties"] = .array(exposure.map(\.json))
    object["writeBack"] = writeBack
    object["drift"] = .array(drift.map(\.json))
    object["usage"] = .array(weeks.map { $0.json(costs) })
    return .object(object)
  }

  private static func counts(_ kinds: [Decision.Kind: Int64]) -> JSONValue {
    .object(JSONObject(Decision.Kind.allCases.compactMap { kind in kinds[kind].map { (kind.rawValue, .integer($0)) } }))
  }

  private var writeBack: JSONValue {
    var object = JSONObject([("delivered", .integer(delivery.count)), ("timeToDeliver", delivery.json)])
    for state in ["pending", "dead", "conflict"] { object[state] = (undelivered[state] ?? Backlog()).json }
    return .object(object)
  }
}

extension Dashboard.Backlog {
  var json: JSONValue {
    var object = JSONObject([("count", .integer(count))])
    object.set("oldest", oldest?.json)
    return .object(object)
  }
}

extension DurationSteps {
  var json: JSONValue {
    func seconds(_ share: Double) -> JSONValue { percentile(share).map { .integer(Int64($0.rounded())) } ?? .null }
    return ["count": .integer(count), "p50Seconds": seconds(0.5), "p90Seconds": seconds(0.9)]
  }
}

extension LaneDay {
  var json: JSONValue {
    ["day": day.json, "auto": .integer(auto), "exception": .integer(exception), "manual": .integer(manual)]
  }
}

extension CalibrationStep {
  var json: JSONValue {
    [
      "from": Share.number(Double(tenth) / 10), "to": Share.number(Double(tenth + 1) / 10),
      "stated": Share.number(stated), "decisions": .integer(agreed.whole), "agreed": .integer(agreed.part),
    ]
  }
}

extension ChapterOverrides {
  var json: JSONValue {
    [
      "chapter": .string(chapter), "decisions": .integer(overridden.whole), "overridden": .integer(overridden.part),
    ]
  }
}

extension ReasonCount {
  var json: JSONValue {
    [
      "reason": .string(kind.rawValue), "cases": .integer(count),
      "byMarket": .object(
        JSONObject(byMarket.sorted { $0.key < $1.key }.map { ($0.key.code, .integer($0.value)) })),
    ]
  }
}

extension Exposure {
  var json: JSONValue {
    [
      "market": market.json, "currency": currency.json, "cases": .integer(cases),
      "clear": .string(clear.text(places: currency.minorUnitDigits)),
      "held": .string(held.text(places: currency.minorUnitDigits)),
    ]
  }
}

extension Drift {
  var json: JSONValue {
    func mean(_ mean: Mean?) -> JSONValue {
      mean.map { ["mean": Share.number($0.value), "count": .integer($0.count)] } ?? .null
    }
    return [
      "subject": .string(subject.rawValue), "lastWeek": mean(lately), "fourWeeksBefore": mean(before),
      "alarm": .bool(isAlarm), "sentence": .string(sentence.english),
    ]
  }
}

extension UsageWeek {
  func json(_ costs: WorkCosts?) -> JSONValue {
    var object = JSONObject([
      ("from", first.json), ("cases", .integer(cases)), ("automatic", .integer(automatic)),
      ("decisions", .integer(decisions)), ("secondsOfPeople", .integer(seconds)),
      ("secondOpinions", .integer(opinions)), ("tokens", .integer(tokens)),
    ])
    object.set("cost", costs.map { cost($0).json })
    object.set("costPerCase", costs.flatMap { costPerCase($0)?.json })
    return .object(object)
  }
}

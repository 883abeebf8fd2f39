import Domain

/// One test against one product, in three values: it holds, it fails, or a fact is missing that would decide it.
struct TestEvaluation {
  enum Outcome {
    case fails
    case holds([Observation])
    case undecided([String], [Observation])
  }

  private let compiled: RuleBook.CompiledTest
  private let except: [Int]
  private let facts: Facts
  private var observed: [Observation] = []
  private var openReasons: [String] = []
  private var hasFailed = false

  init(_ compiled: RuleBook.CompiledTest, except: [Int], _ facts: Facts) {
    self.compiled = compiled
    self.except = except
    self.facts = facts
    checkWords(compiled.test.words, compiled.words)
    checkWords(compiled.test.withWords, compiled.withWords)
    checkCode()
    for (test, names) in zip(compiled.test.components, compiled.components) { check(test, names) }
    for number in compiled.test.numbers { check(number) }
    checkOrigin()
    checkValue()
    checkMissing()
  }

  var outcome: Outcome {
    if hasFailed { return .fails }
    return openReasons.isEmpty ? .holds(observed) : .undecided(openReasons, observed)
  }

  private mutating func checkWords(_ words: [String], _ phrases: [Int]) {
    guard !words.isEmpty, !hasFailed else { return }
    let hits = facts.hits.hits(phrases, except: except)
    if hits.isEmpty { return fail() }
    observe(hits)
  }

  private mutating func observe(_ hits: [PhraseHits.Hit]) {
    observed += hits.prefix(2).map { facts.text.observation($0.field, $0.range) }
  }

  /// A candidate shorter than the prefix may still turn out to lie under it, so it counts.
  private mutating func checkCode() {
    let prefixes = compiled.test.hsPrefixes
    guard !prefixes.isEmpty, !hasFailed else { return }
    let matching = facts.codes.filter { plausible in
      prefixes.contains { plausible.code.hasPrefix($0) || $0.hasPrefix(plausible.code.digits) }
    }
    if matching.isEmpty { return fail() }
    observed += matching.map(\.observation)
  }

  private mutating func check(_ test: ComponentTest, _ names: [Int]) {
    guard !hasFailed else { return }
    let hits = facts.hits.hits(names, except: except)
    if hits.isEmpty { return fail() }
    guard let threshold = test.atLeastPercent else { return observe(hits) }
    let shares = hits.map { facts.text.fields[$0.field].component?.percent }
    let reaching = zip(hits, shares).filter { $1.map { $0 >= threshold } ?? false }.map(\.0)
    if !reaching.isEmpty { return observe(reaching) }
    if shares.contains(where: { $0 == nil }) {
      observe(hits)
      openReasons.append("the share of \(test.names[0]) is not stated")
    } else {
      fail()
    }
  }

  private mutating func check(_ test: NumberTest) {
    guard !hasFailed else { return }
    let values = facts.measurements.values(test.quantity)
    if values.isEmpty { return openReasons.append("the \(test.quantity.words) is not stated") }
    guard let value = values.first(where: { test.holds($0.amount) }) else { return fail() }
    observed.append(Observation(field: facts.text.fields[value.field].pointer, text: String(value.text.prefix(80))))
  }

  private mutating func checkOrigin() {
    guard !compiled.test.origins.isEmpty, !hasFailed else { return }
    guard let origin = facts.product.origin else { return openReasons.append("the origin is not stated") }
    guard compiled.test.origins.contains(origin) else { return fail() }
    observed.append(Observation(field: "/origin", text: origin.code))
  }

  private mutating func checkValue() {
    guard let limit = compiled.test.valueAbove, !hasFailed else { return }
    guard let value = facts.product.unitValue else { return openReasons.append("the value is not stated") }
    guard let local = facts.local(value), let localLimit = facts.local(limit) else {
      return openReasons.append("\(value) cannot be converted")
    }
    guard local > localLimit else { return fail() }
    observed.append(Observation(field: "/unitValue", text: value.description))
  }

  private mutating func checkMissing() {
    guard !compiled.test.missing.isEmpty, !hasFailed else { return }
    let missing = compiled.test.missing.filter { !$0.isPresent(in: facts.product) }
    if missing.isEmpty { return fail() }
    observed += missing.map { Observation(field: "/\($0.rawValue)", text: "missing") }
  }

  private mutating func fail() { hasFailed = true }
}

extension NumberTest.Quantity {
  fileprivate var words: String {
    switch self {
    case .wattHours: "battery's energy (Wh, or mAh and V)"
    case .alcoholPercent: "alcohol by volume"
    case .laserMilliwatts: "laser's output (mW)"
    case .nicotineMilligramsPerMillilitre: "nicotine strength (mg/ml)"
    }
  }
}

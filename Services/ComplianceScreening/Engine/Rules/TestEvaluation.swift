import Domain

/// One test against one product, in three values: it holds, it fails, or a fact is missing that would decide it.
struct TestEvaluation {
  enum Outcome {
    case fails
    case holds([Observation])
    case undecided([String], [Observation])
    /// All else holds; a shipment must say the rest.
    case waitsForShipment([Observation])
  }

  private let compiled: RuleBook.CompiledTest
  private let except: [Int]
  private let facts: Facts
  private var observed: [Observation] = []
  private var openReasons: [String] = []
  private var hasFailed = false
  private var waits = false

  init(_ compiled: RuleBook.CompiledTest, except: [Int], _ facts: Facts) {
    self.compiled = compiled
    self.except = except
    self.facts = facts
    checkWords(compiled.test.words, compiled.words)
    checkWords(compiled.test.withWords, compiled.withWords)
    checkCode()
    for (test, names) in zip(compiled.test.components, compiled.components) { check(test, names) }
    for number in compiled.test.numbers { check(number) }
    checkDestination()
    checkOrigin()
    check(value: facts.product.unitValue, "value", above: compiled.test.valueAbove, atMost: compiled.test.valueAtMost)
    checkMissing()
    checkConsignment()
  }

  var outcome: Outcome {
    if hasFailed { return .fails }
    if !openReasons.isEmpty { return .undecided(openReasons, observed) }
    return waits ? .waitsForShipment(observed) : .holds(observed)
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
    if test.quantity == .netWeightGrams { return checkWeight(test) }
    let values = facts.measurements.values(test.quantity)
    if values.isEmpty { return openReasons.append("the \(test.quantity.words) is not stated") }
    guard let value = values.first(where: { test.holds($0.amount) }) else { return fail() }
    observed.append(Observation(field: facts.text.fields[value.field].pointer, text: String(value.text.prefix(80))))
  }

  private mutating func checkWeight(_ test: NumberTest) {
    guard let grams = facts.product.netWeightGrams else { return openReasons.append("the net weight is not stated") }
    guard test.holds(grams) else { return fail() }
    observed.append(Observation(field: "/netWeightGrams", text: String(grams.description.prefix(80))))
  }

  private mutating func checkDestination() {
    guard !compiled.test.destinations.isEmpty, !hasFailed else { return }
    guard compiled.test.destinations.contains(facts.market) else { return fail() }
    observed.append(Observation(field: "/markets", text: facts.market.code))
  }

  private mutating func checkConsignment() {
    guard let test = compiled.test.consignment, !hasFailed else { return }
    guard let consignment = facts.consignment else {
      waits = true
      return
    }
    if let wanted = test.kind {
      guard let kind = consignment.kind else { return openReasons.append("the mode of transport is not stated") }
      guard kind == wanted else { return fail() }
      observed.append(Observation(field: "/transportMode", text: kind.rawValue))
    }
    if let limit = test.quantityAbove {
      guard let quantity = consignment.quantity else {
        return openReasons.append("the quantity is not stated in pieces")
      }
      guard quantity > limit else { return fail() }
      observed.append(Observation(field: "/lines/quantity", text: quantity.description))
    }
    check(value: consignment.value, "shipment's value", above: test.valueAbove, atMost: nil)
  }

  private mutating func checkOrigin() {
    guard !compiled.test.origins.isEmpty, !hasFailed else { return }
    guard let origin = facts.product.origin else { return openReasons.append("the origin is not stated") }
    guard compiled.test.origins.contains(origin) else { return fail() }
    observed.append(Observation(field: "/origin", text: origin.code))
  }

  private mutating func check(value: Money?, _ name: String, above: Money?, atMost: Money?) {
    guard above != nil || atMost != nil, !hasFailed else { return }
    guard let value else { return openReasons.append("the \(name) is not stated") }
    for (limit, holds) in [(above, { $0 > $1 }), (atMost, { $0 <= $1 })] as [(Money?, (Decimal, Decimal) -> Bool)] {
      guard let limit else { continue }
      guard let local = facts.local(value), let localLimit = facts.local(limit) else {
        return openReasons.append("\(value) cannot be converted")
      }
      guard holds(local, localLimit) else { return fail() }
    }
    observed.append(Observation(field: name == "value" ? "/unitValue" : "/lines", text: value.description))
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
    case .watts: "power (W)"
    case .lumens: "luminous flux (lm)"
    case .volts: "voltage (V)"
    case .milliampereHours: "battery's charge (mAh)"
    case .millilitres: "volume (ml)"
    case .netWeightGrams: "net weight"
    }
  }
}

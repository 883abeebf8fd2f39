import Domain

/// Motorcycles, cars and engines are told apart by the cylinder capacity, which their codes' titles name in cm3.
struct EngineSizeRule {
  /// What a title names: above the one, up to the other.
  struct Demand: Hashable {
    var above: Int
    var most: Int

    func fits(_ size: Int) -> Bool { size > above && size <= most }
  }

  /// nil where none is stated, or several are.
  let size: Int?

  private static let bonus: Float = 4

  /// `to 50 cm3`, `50 to 250 cm3`, `over 800 cm3`
  static func demand(_ topic: Topic) -> Demand? {
    let words = topic.title.split(separator: " ")
    guard words.count > 2, words[words.count - 1] == "cm3", let last = Int(words[words.count - 2]) else { return nil }
    switch words[words.count - 3] {
    case "over": return Demand(above: last, most: .max)
    case "to": return Demand(above: words.count > 3 ? Int(words[words.count - 4]) ?? 0 : 0, most: last)
    default: return nil
    }
  }

  init(stream: TokenStream) {
    let sizes = Set(stream.tokens.indices.compactMap { EngineSizeRule.size(at: $0, in: stream) })
    size = sizes.count == 1 ? sizes.first : nil
  }

  /// `250cc`, `250 cc`, `250 cm3`
  private static func size(at place: Int, in stream: TokenStream) -> Int? {
    let text = stream.text(at: place)
    let units = ["cc", "cm3"]
    if stream.tokens[place].kind == .number {
      let next = place + 1
      return next < stream.tokens.count && units.contains(stream.text(at: next)) ? Int(text) : nil
    }
    guard let unit = units.first(where: { text.hasSuffix($0) }) else { return nil }
    return Int(text.dropLast(unit.count))
  }

  func add(to scores: inout [Float], demands: [Demand?]) {
    guard let size else { return }
    for (place, demand) in demands.enumerated() {
      if let demand { scores[place] += demand.fits(size) ? EngineSizeRule.bonus : -EngineSizeRule.bonus }
    }
  }

  func evidence(_ demand: Demand?, code: HSCode) -> ClassificationEvidence? {
    guard let size, let demand else { return nil }
    let verdict = demand.fits(size) ? "are what" : "are not what"
    return ClassificationEvidence(
      kind: .rule, text: "The stated \(size) cm3 \(verdict) \(code.dotted) is for",
      reference: "cylinder capacity")
  }
}

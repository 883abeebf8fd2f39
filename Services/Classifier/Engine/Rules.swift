import Domain

/// What each code's title asks of a product, read once.
struct RuleDemands: Sendable {
  let fibres: [FibreRule.Fibres]
  let materials: [MaterialRule.Family]
  let engineSizes: [EngineSizeRule.Demand?]

  init(_ topics: [Topic]) {
    fibres = topics.map { FibreRule.demand($0) }
    materials = topics.map { MaterialRule.demand($0) }
    engineSizes = topics.map { EngineSizeRule.demand($0) }
  }
}

/// What the stated facts of one product decide between codes, beside its words.
struct Rules {
  private let fibre: FibreRule
  private let material: MaterialRule
  private let weave: WeaveRule
  private let stone: StoneRule
  private let engineSize: EngineSizeRule

  init(_ stream: TokenStream, materials: [Component] = []) {
    fibre = FibreRule(materials, stream: stream)
    material = MaterialRule(stream: stream)
    weave = WeaveRule(stream: stream)
    stone = StoneRule(stream: stream)
    engineSize = EngineSizeRule(stream: stream)
  }

  func add(to scores: inout [Float], demands: RuleDemands, in nomenclature: Nomenclature) {
    fibre.add(to: &scores, demands: demands.fibres)
    material.add(to: &scores, demands: demands.materials)
    weave.add(to: &scores, in: nomenclature)
    stone.add(to: &scores, in: nomenclature)
    engineSize.add(to: &scores, demands: demands.engineSizes)
  }

  func evidence(_ code: HSCode, place: Int, demands: RuleDemands) -> [ClassificationEvidence] {
    let main = fibre.evidence(demands.fibres[place], code: code)
    // Which textile it is says more than that it is one.
    let made = main == nil ? material.evidence(demands.materials[place], code: code) : nil
    let sized = engineSize.evidence(demands.engineSizes[place], code: code)
    return [main, made, weave.evidence(code), stone.evidence(code), sized].compactMap { $0 }
  }
}

import ComplianceScreeningEngine
import Domain
import PartyLists

/// What a code is screened with beside the market's pack: the national tariffs, and the rulings on which authorities disagree.
struct CodeReference: Sendable {
  let tariffs: TariffsInForce
  let rulings: RulingBook?

  init(_ folder: ReferenceFolder) throws {
    tariffs = TariffsInForce(folder)
    rulings = try folder.rulings()
  }
}

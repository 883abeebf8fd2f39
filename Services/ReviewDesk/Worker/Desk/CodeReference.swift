import ComplianceScreeningEngine
import Domain

/// What a code is screened with beside the market's pack: the national tariffs, and the rulings on which authorities disagree.
struct CodeReference: Sendable {
  let tariffs: TariffLibrary
  let rulings: RulingBook?

  init(_ folder: ReferenceFolder) throws {
    tariffs = TariffLibrary(folder)
    rulings = try folder.rulings()
  }
}

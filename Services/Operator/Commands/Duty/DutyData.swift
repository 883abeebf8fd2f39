import ComplianceScreeningEngine
import Configuration
import Domain
import WorkerRuntime

/// The reference data that landed cost needs, as it lies beside the program or where PABEAN_DATA says.
struct DutyData {
  let folder: ReferenceFolder
  let tariffs: TariffLibrary

  static func load() throws -> DutyData {
    let configured = Configuration.Environment.process().variables["PABEAN_DATA"]
    let folder = ReferenceFolder(try DataFolder(configured: configured).reference)
    return DutyData(folder: folder, tariffs: TariffLibrary(folder))
  }

  func markets() throws -> [Market] { try folder.markets() }
  func pack(_ market: Market) throws -> MarketPack { try folder.pack(market) }
}

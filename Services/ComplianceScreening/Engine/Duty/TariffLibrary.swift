import Domain
import Synchronization

/// The national tariffs of a folder. Each is read when it is first asked for, and kept.
public final class TariffLibrary: Sendable {
  /// Knows no tariff at all.
  public static let empty = TariffLibrary(nil)

  private let folder: ReferenceFolder?
  /// In place of the folder's.
  private let others: [Market: TariffSchedule]
  private let loaded = Mutex<[Market: Result<TariffSchedule?, ReferenceFolder.ReadError>]>([:])
  private let nomenclature = Mutex<Result<[TariffSchedule.Line], ReferenceFolder.ReadError>?>(nil)

  public init(_ folder: ReferenceFolder?, replacing others: [Market: TariffSchedule] = [:]) {
    self.folder = folder
    self.others = others
  }

  /// The same with the tariff of a file in the form of the folder's.
  public func trying(_ text: String, for market: Market) throws -> TariffLibrary {
    let rates = try TariffFile.rates(text)
    let nomenclature = try folder.map { folder throws(ReferenceFolder.ReadError) in try lines(folder) }
    let schedule = TariffSchedule(edition: rates.edition, lines: nomenclature ?? [], rates: rates.rates)
    return TariffLibrary(folder, replacing: others.merging([market: schedule]) { $1 })
  }

  /// nil when the market has none. A file that cannot be read is an error, so that no rate is taken from half of it.
  public func schedule(_ market: Market) throws(ReferenceFolder.ReadError) -> TariffSchedule? {
    if let other = others[market] { return other }
    guard let folder else { return nil }
    if let known = loaded.withLock({ $0[market] }) { return try known.get() }
    let result: Result<TariffSchedule?, ReferenceFolder.ReadError>
    do throws(ReferenceFolder.ReadError) {
      result = .success(try read(market, folder))
    } catch {
      result = .failure(error)
    }
    loaded.withLock { $0[market] = result }
    return try result.get()
  }

  private func read(_ market: Market, _ folder: ReferenceFolder) throws(ReferenceFolder.ReadError) -> TariffSchedule? {
    guard let rates = try folder.tariffRates(market) else { return nil }
    return TariffSchedule(edition: rates.edition, lines: try lines(folder), rates: rates.rates)
  }

  private func lines(_ folder: ReferenceFolder) throws(ReferenceFolder.ReadError) -> [TariffSchedule.Line] {
    if let known = nomenclature.withLock({ $0 }) { return try known.get() }
    let result: Result<[TariffSchedule.Line], ReferenceFolder.ReadError>
    do throws(ReferenceFolder.ReadError) {
      result = .success(try folder.nationalLines())
    } catch {
      result = .failure(error)
    }
    nomenclature.withLock { $0 = result }
    return try result.get()
  }
}

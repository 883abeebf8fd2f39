import Domain
import Glibc
import JSON

/// Reads market packs, embargo and sample party lists from a folder of reference data.
public struct ReferenceFolder: Sendable {
  public struct ReadError: Error, Sendable, CustomStringConvertible {
    public var path: String
    public var reason: String
    public var description: String { "\(path): \(reason)" }
  }

  private let path: String

  public init(_ path: String) { self.path = path }

  /// In the order of their file names.
  public func packs() throws(ReadError) -> [MarketPack] {
    try names("markets", suffix: ".json").map { name throws(ReadError) in
      try json("markets/\(name)") { bytes throws(JSONError) in try MarketPack.parse(bytes) }
    }
  }

  /// Those that have a pack, in the order of their codes.
  public func markets() throws(ReadError) -> [Market] {
    try names("markets", suffix: ".json").compactMap { Market(String($0.dropLast(5))) }
  }

  public func pack(_ market: Market) throws(ReadError) -> MarketPack {
    try json("markets/\(market).json") { bytes throws(JSONError) in try MarketPack.parse(bytes) }
  }

  public func embargo() throws(ReadError) -> Embargo {
    try json("embargo.json") { bytes throws(JSONError) in try Embargo.parse(bytes) }
  }

  /// nil where the folder has none.
  public func rulings() throws(ReadError) -> RulingBook? {
    guard access("\(path)/rulings.json", F_OK) == 0 else { return nil }
    return try json("rulings.json") { bytes throws(JSONError) in try RulingBook.parse(bytes) }
  }

  /// In the order of their file names.
  public func programmes() throws(ReadError) -> [TradeProgramme] {
    try names("programmes", suffix: ".json").map { name throws(ReadError) in
      try json("programmes/\(name)") { bytes throws(JSONError) in try TradeProgramme.parse(bytes) }
    }
  }

  /// The lines of eight digits that the countries of ASEAN have in common.
  func nationalLines() throws(ReadError) -> [TariffSchedule.Line] {
    try tariff("AHTN2022.txt") { text throws(TariffFile.FormatError) in try TariffFile.lines(text) }
  }

  /// nil when the market has no file of rates.
  func tariffRates(_ market: Market) throws(ReadError) -> TariffFile.Rates? {
    guard access("\(path)/tariffs/\(market).txt", F_OK) == 0 else { return nil }
    return try tariff("\(market).txt") { text throws(TariffFile.FormatError) in try TariffFile.rates(text) }
  }

  private func tariff<T>(
    _ name: String, _ read: (String) throws(TariffFile.FormatError) -> T
  ) throws(ReadError) -> T {
    let bytes = try bytes("tariffs/\(name)")
    do { return try read(String(decoding: bytes, as: UTF8.self)) } catch {
      throw ReadError(path: "\(path)/tariffs/\(name)", reason: error.description)
    }
  }

  /// Fictitious parties, for trying out and for tests.
  public func sampleParties() throws(ReadError) -> PartyList {
    let name = "parties/sample.csv"
    let source = RuleSource(authority: "Pabean", instrument: "Sample list of fictitious parties")
    do {
      return try PartyList(csv: try bytes(name), id: PartyList.sampleID, version: "1", source: source)
    } catch let error as PartyList.FormatError {
      throw ReadError(path: "\(path)/\(name)", reason: error.description)
    } catch let error as ReadError {
      throw error
    } catch {
      throw ReadError(path: "\(path)/\(name)", reason: "\(error)")
    }
  }

  private func json<T>(_ name: String, _ read: ([UInt8]) throws(JSONError) -> T) throws(ReadError) -> T {
    let bytes = try bytes(name)
    do { return try read(bytes) } catch { throw ReadError(path: "\(path)/\(name)", reason: error.description) }
  }

  private func names(_ folder: String, suffix: String) throws(ReadError) -> [String] {
    guard let directory = opendir("\(path)/\(folder)") else {
      throw ReadError(path: "\(path)/\(folder)", reason: "cannot be opened")
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(suffix) { names.append(name) }
    }
    return names.sorted()
  }

  private func bytes(_ name: String) throws(ReadError) -> [UInt8] {
    guard let file = fopen("\(path)/\(name)", "r") else {
      throw ReadError(path: "\(path)/\(name)", reason: "cannot be opened")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }
}

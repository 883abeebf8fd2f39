import Domain
import JSON
import Postgres
import Store

/// A folder of market packs, one JSON file each.
struct MarketPackFolder: Sendable {
  private let path: String

  init(_ path: String) { self.path = path }

  struct Loaded: Sendable {
    var market: Market
    var version: String
    var isNew: Bool
  }

  /// All or none: a folder with one unreadable pack changes nothing.
  func load(into pool: PostgresPool, activates: Bool, because reason: String, by actor: Actor) async throws
    -> [Loaded]
  {
    let packs = try read()
    return try await pool.transaction { tx in
      try packs.map { pack in
        let isNew = try MarketPackStore.load(
          market: pack.market, version: pack.version, content: pack.json, tx)
        if activates {
          try MarketPackStore.activate(
            market: pack.market, version: pack.version, reason: reason, by: actor, tx)
        }
        return Loaded(market: pack.market, version: pack.version, isNew: isNew)
      }
    }
  }

  private func read() throws -> [MarketPack] {
    let names = LocalFile.names(in: path).filter { $0.hasSuffix(".json") }
    guard !names.isEmpty else {
      throw Failure("there are no market packs in \(path)", remedy: "name a folder with files such as SG.json in it")
    }
    return try names.map { name in
      try MarketPackFolder.pack("\(path)/\(name)")
    }
  }

  static func pack(_ path: String) throws -> MarketPack {
    let bytes = try LocalFile.read(path)
    do throws(JSONError) {
      return try MarketPack.parse(bytes)
    } catch {
      throw Failure("\(path) is not a market pack: \(error)")
    }
  }
}

import Domain
import JSON
import Postgres
import Store

/// The rules of the markets: which pack is in force where, since when, and why.
enum PackCommands {
  private static let reason = Option("reason", "TEXT", "why, for the history", isRequired: true)
  private static let market = Option("market", "XX", "which market", isRequired: true)

  static let list = Command(
    "pack list", "The market packs in force", group: .installation, options: [.json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let packs = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in
        try MarketPackStore.active(tx).map { try MarketPack(json: JSONCursor($0.content)) }
      }
    }
    if arguments.has("json") {
      let list = packs.map { pack -> JSONValue in
        [
          "market": pack.market.json, "version": .string(pack.version), "validFrom": pack.validFrom.json,
          "rules": .integer(Int64(pack.rules.count)),
        ]
      }
      console.line(JSONValue.array(list).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("market"), TextTable.Column("version"), TextTable.Column("valid from"),
      TextTable.Column("rules", .right),
    ])
    for pack in packs { table.add(pack.market.code, pack.version, "\(pack.validFrom)", "\(pack.rules.count)") }
    console.print(table.text(console))
    return .success
  }

  static let activate = Command(
    "pack activate", "Put a market pack into force, without a restart", group: .installation,
    operands: [Operand("FILE", "a market pack as JSON")], options: [reason, .actor],
    notes: "'pabean policy simulate --pack FILE' shows before what it changes; 'pabean pack rollback' goes back."
  ) { arguments, console in
    let pack = try MarketPackFolder.pack(arguments.operands[0])
    let settings = try OperatorSettings.load()
    let reason = arguments.required("reason")
    let actor = OperatorSettings.actor(arguments)
    let isNews = try await settings.withDatabase { pool in
      try await pool.transaction { tx in
        _ = try MarketPackStore.load(market: pack.market, version: pack.version, content: pack.json, tx)
        guard
          let stored = try MarketPackStore.find(market: pack.market, version: pack.version, tx), stored == pack.json
        else {
          throw Failure(
            "another pack of \(pack.market) has the version \(pack.version)", remedy: "give this one its own version")
        }
        return try MarketPackStore.activate(
          market: pack.market, version: pack.version, reason: reason, by: actor, tx)
      }
    }
    console.line("Pack \(pack.version) of \(pack.market) \(isNews ? "is in force" : "was in force already").")
    return .success
  }

  static let rollback = Command(
    "pack rollback", "Put an earlier market pack into force again", group: .installation,
    options: [market, Option("to", "VERSION", "the one in force before when absent"), reason, .actor]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let market = try CaseCommands.market(arguments.required("market"))
    let wanted = arguments["to"]
    let reason = arguments.required("reason")
    let actor = OperatorSettings.actor(arguments)
    let version = try await settings.withDatabase { pool in
      try await pool.transaction { tx in
        let history = try MarketPackStore.history(market, tx)
        let current = history.first?.version
        guard let version = wanted ?? history.first(where: { $0.version != current })?.version else {
          throw Failure("no other pack of \(market) was ever in force")
        }
        guard try MarketPackStore.find(market: market, version: version, tx) != nil else {
          throw Failure(
            "\(market) has no pack \(version)", remedy: "'pabean pack history' shows those that were in force")
        }
        try MarketPackStore.activate(market: market, version: version, reason: reason, by: actor, tx)
        return version
      }
    }
    console.line("Pack \(version) of \(market) is in force again.")
    return .success
  }

  static let history = Command(
    "pack history", "Which market pack was in force when, and why", group: .installation,
    options: [Option("market", "XX", "of one market only"), .json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let market = try arguments["market"].map(CaseCommands.market)
    let history = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try MarketPackStore.history(market, tx) }
    }
    if arguments.has("json") {
      let entries = history.map { entry -> JSONValue in
        [
          "market": entry.market.json, "version": .string(entry.version), "reason": .string(entry.reason),
          "by": entry.activatedBy.json, "at": entry.activatedAt.json,
        ]
      }
      console.line(JSONValue.array(entries).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("market"), TextTable.Column("version"), TextTable.Column("since"), TextTable.Column("by"),
      TextTable.Column("reason"),
    ])
    for entry in history {
      table.add(
        entry.market.code, entry.version, entry.activatedAt.toTheMinute, "\(entry.activatedBy)", entry.reason)
    }
    console.print(table.text(console))
    return .success
  }
}

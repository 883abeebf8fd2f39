import Domain
import JSON
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// Where published lists are fetched from by themselves.
enum ListSourceCommands {
  static let watch = Command(
    "lists watch", "Fetch published lists again and again, from addresses or a folder", group: .tenants,
    operands: [
      Operand("NAME", "of the source, such as ofac"),
      Operand("PLACE", "an https address for each file of the publication, or one folder", .any),
    ],
    options: [
      Option("every", "HOURS", "6 when absent"),
      Option("max-age", "DAYS", "how old a list may be before cases wait for a person; 30 when absent"), .actor,
    ],
    notes: """
      'pabean maintain' does it, and asks servers only for what has changed. A new version is in force at once; one that
      cannot be read changes nothing, and one that looks cut off waits for 'pabean lists activate'. A list that can no
      longer be fetched grows old, and when it is too old cases wait for a person. A folder is read as 'pabean lists import'
      reads it; its lists are as old as they say.
      Example: pabean lists watch un https://scsanctions.un.org/resources/xml/en/consolidated.xml --every 12
      """
  ) { arguments, console in
    let name = arguments.operands[0]
    let places = Array(arguments.operands.dropFirst())
    let folders = places.filter { $0.hasPrefix("/") }
    guard !places.isEmpty, places.allSatisfy(ListRefresh.isPlace), folders.isEmpty || places.count == 1 else {
      throw UsageError("a place is an https address, or one folder beginning with /", command: "lists watch")
    }
    let source = PartyListSources.Source(
      name: name, places: places, every: .seconds(3600 * (try number(arguments, "every", upTo: 8760) ?? 6)),
      ageMaxDays: try number(arguments, "max-age", upTo: 36_500) ?? 30)
    let actor = OperatorSettings.actor(arguments)
    try await OperatorSettings.load().withDatabase { pool in
      try await pool.transaction { tx in
        try PartyListSources.set(source, by: actor, at: SystemClock.now(), tx)
      }
    }
    console.line("\(name) is fetched now, and again every \(source.every.components.seconds / 3600) hours.")
    return .success
  }

  static let sources = Command(
    "lists sources", "Where published lists come from, and how the last fetching went", group: .tenants,
    options: [.json]
  ) { arguments, console in
    let standings = try await OperatorSettings.load().withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try PartyListSources.all(tx) }
    }
    if arguments.has("json") {
      console.line(JSONValue.array(standings.map(\.json)).text)
      return .success
    }
    guard !standings.isEmpty else {
      console.line("No lists are fetched; 'pabean lists watch' names where they come from.")
      return .success
    }
    var table = TextTable([
      TextTable.Column("source"), TextTable.Column("hours", .right), TextTable.Column("fetched"),
      TextTable.Column("next"), TextTable.Column(""),
    ])
    for standing in standings {
      let source = standing.source
      table.add(
        source.name, "\(source.every.components.seconds / 3600)", standing.succeededAt?.toTheMinute ?? "never",
        standing.nextAt.toTheMinute, standing.failure ?? source.places.joined(separator: " "))
    }
    console.print(table.text(console))
    return .success
  }

  static let unwatch = Command(
    "lists unwatch", "Fetch lists from a source no more; those in force stay", group: .tenants,
    operands: [Operand("NAME", "of the source")]
  ) { arguments, console in
    try await change(arguments) { name, tx in try PartyListSources.remove(name, tx) }
    console.line("\(arguments.operands[0]) is fetched no more.")
    return .success
  }

  static let refresh = Command(
    "lists refresh", "Fetch a source's lists now", group: .tenants, operands: [Operand("NAME", "of the source")]
  ) { arguments, console in
    try await change(arguments) { name, tx in try PartyListSources.hasten(name, at: SystemClock.now(), tx) }
    console.line("\(arguments.operands[0]) is fetched within seconds; 'pabean lists sources' shows how it went.")
    return .success
  }

  private static func change(
    _ arguments: Arguments, _ change: @escaping @Sendable (String, borrowing Transaction) throws -> Bool
  ) async throws {
    let name = arguments.operands[0]
    let isKnown = try await OperatorSettings.load().withDatabase { pool in
      try await pool.transaction { tx in try change(name, tx) }
    }
    guard isKnown else {
      throw Failure("there is no source '\(name)'", remedy: "'pabean lists sources' shows those there are")
    }
  }

  private static func number(_ arguments: Arguments, _ option: String, upTo most: Int64) throws -> Int64? {
    guard let text = arguments[option] else { return nil }
    guard let number = Int64(text), (1...most).contains(number) else {
      throw UsageError("--\(option) is a number from 1 to \(most), not '\(text)'", command: "lists watch")
    }
    return number
  }
}

extension PartyListSources.Standing {
  var json: JSONValue {
    [
      "name": .string(source.name), "places": .strings(source.places),
      "everyHours": .integer(source.every.components.seconds / 3600), "maxAgeDays": .integer(source.ageMaxDays),
      "next": nextAt.json, "tried": triedAt?.json ?? .null, "fetched": succeededAt?.json ?? .null,
      "failure": failure.map { .string($0) } ?? .null, "failingSince": failingSince?.json ?? .null,
    ]
  }
}

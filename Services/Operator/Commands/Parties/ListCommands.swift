import ComplianceScreeningEngine
import Domain
import JSON
import Names
import PartyLists
import Postgres
import Store
import WorkerRuntime

/// The lists that parties are screened by: the authorities', and with `--tenant` a tenant's own.
enum ListCommands {
  private static let owner = Option("tenant", "SLUG", "whose own lists; the published ones when absent")
  private static let forms = """
    Read are, by what stands in them: OFAC's sdn.csv with alt.csv, add.csv and sdn_comments.csv beside it, and its
    consolidated files; the UN's consolidated XML; the US denied persons table; the US consolidated CSV; and any CSV with
    the columns id and name, and where there are any type, aliases, weak_aliases, country, date_of_birth, identifiers,
    programme.
    """

  static let importLists = Command(
    "lists import", "Load lists of denied parties and put them into force", group: .tenants,
    operands: [Operand("PATH", "a folder as its authority publishes it, or one file")],
    options: [
      owner,
      Option("published", "DATE", "for lists that do not say it themselves; else the folder's name may end in it"),
      Option("max-age", "DAYS", "how old a list may be before cases wait for a person; 30 when absent"),
      Option("hold", nil, "load without putting into force"), .actor, .json,
    ],
    notes: forms + "\nWorkers use a new version from their next message on. The same files loaded again change nothing."
  ) { arguments, console in
    let published = try arguments["published"].map(date)
    let ageMaxDays = try arguments["max-age"].map(days)
    let path = arguments.operands[0]
    var lists = try reading { try ListFiles(at: path).lists(published: published) }
    for index in lists.indices { lists[index].ageMaxDays = ageMaxDays ?? lists[index].ageMaxDays }
    let work = ListImport(
      lists, arguments.has("tenant") ? .own : .published, activates: !arguments.has("hold"),
      by: OperatorSettings.actor(arguments))
    let library = try await ListLibrary.open(arguments)
    let results = try await library.run { pool in
      try await library.transaction(pool) { tx in
        let results = try work.run(at: SystemClock.now(), tx)
        for result in results where result.isActivated { try library.record(result.list, by: work.actor, tx) }
        return results
      }
    }
    if arguments.has("json") {
      console.line(JSONValue.array(results.map(\.json)).text)
    } else {
      for result in results { console.line(result.sentence) }
    }
    guard let doubted = results.first(where: { $0.doubt != nil }), let doubt = doubted.doubt else { return .success }
    throw Failure(
      "\(doubt). It is loaded and not in force",
      remedy: "'pabean lists activate \(doubted.list.id) \(doubted.list.version)' puts it into force")
  }

  static let activate = Command(
    "lists activate", "Put a version that is loaded into force", group: .tenants,
    operands: [Operand("LIST", "its id"), Operand("VERSION", "as 'lists diff --to' takes it")],
    options: [owner, Option("reason", "TEXT", "why, for the history", isRequired: true), .actor],
    notes: "For one that was loaded with --hold, one held back as cut off or older, and to go back to an earlier one."
  ) { arguments, console in
    let (list, version) = (arguments.operands[0], arguments.operands[1])
    let actor = OperatorSettings.actor(arguments)
    let reason = arguments.required("reason")
    let library = try await ListLibrary.open(arguments)
    let isActivated = try await library.run { pool in
      try await library.transaction(pool) { tx in
        try library.activate(list, version, because: reason, by: actor, tx)
      }
    }
    console.line("\(list) \(version) \(isActivated ? "is in force now" : "was in force already").")
    return .success
  }

  static let show = Command(
    "lists show", "The lists in force, or one party of a list", group: .tenants,
    operands: [Operand("LIST", "its id", .optional), Operand("ENTRY", "a party's id", .optional)],
    options: [owner, .json]
  ) { arguments, console in
    let library = try await ListLibrary.open(arguments)
    if let list = arguments.operands.first {
      let entries = try await library.list(list).entries
      guard arguments.operands.count > 1 else {
        for entry in entries { console.line(arguments.has("json") ? entry.json.text : "\(entry.id)  \(entry.name)") }
        return .success
      }
      guard let entry = entries.first(where: { $0.id == arguments.operands[1] }) else {
        throw Failure(
          "\(list) has no party '\(arguments.operands[1])'", remedy: "'pabean lists show \(list)' shows all")
      }
      console.line(arguments.has("json") ? entry.json.text : JSONLayout.text(entry.json))
      return .success
    }
    let summaries = try await library.summaries()
    if arguments.has("json") {
      console.line(JSONValue.array(summaries.map(\.json)).text)
      return .success
    }
    let today = SystemClock.now().date
    var table = TextTable([
      TextTable.Column("list"), TextTable.Column("version"), TextTable.Column("parties", .right),
      TextTable.Column("age", .right), TextTable.Column("authority"), TextTable.Column("since"), TextTable.Column("by"),
    ])
    for summary in summaries {
      table.add(
        summary.list, summary.version, "\(summary.entryCount)", summary.age(on: today), summary.source.authority,
        summary.activatedAt.toTheMinute, "\(summary.activatedBy)")
    }
    console.print(table.text(console))
    return .success
  }

  static let diff = Command(
    "lists diff", "What a new version of a list changes", group: .tenants,
    operands: [Operand("WHAT", "a list's id, or a folder or file not yet loaded")],
    options: [
      owner, Option("from", "VERSION", "the one in force before when absent"),
      Option("to", "VERSION", "the one in force when absent"), .json,
    ]
  ) { arguments, console in
    let library = try await ListLibrary.open(arguments)
    let what = arguments.operands[0]
    for (id, difference) in try await library.differences(what, from: arguments["from"], to: arguments["to"]) {
      console.line(arguments.has("json") ? difference.json(of: id).text : difference.report(of: id))
    }
    return .success
  }

  static let retire = Command(
    "lists retire", "Take a list out of use", group: .tenants, operands: [Operand("LIST", "its id")],
    options: [owner, .actor]
  ) { arguments, console in
    let library = try await ListLibrary.open(arguments)
    let list = arguments.operands[0]
    let actor = OperatorSettings.actor(arguments)
    let isRetired = try await library.run { pool in
      try await library.transaction(pool) { tx in
        try PartyListStore.activate(
          list: list, version: nil, in: library.scope, by: actor, at: SystemClock.now(), tx)
      }
    }
    guard isRetired else {
      throw Failure("no list '\(list)' is in force", remedy: "'pabean lists show' shows those that are")
    }
    console.line("\(list) is out of use.")
    return .success
  }

  static let dismiss = Command(
    "lists dismiss", "Remember that a name is not the listed party that it resembles", group: .tenants,
    operands: [
      Operand("NAME", "as submissions write it"), Operand("LIST", "its id"), Operand("ENTRY", "the party's id"),
    ],
    options: [
      .tenant, Option("reason", "TEXT", "how it was found out", isRequired: true),
      Option("days", "N", "how long it holds; 365 when absent, 0 to end it"), .actor,
    ], notes: "It holds for this entry as it stands: when the list changes it, a person is asked again."
  ) { arguments, console in
    let (name, list, entry) = (arguments.operands[0], arguments.operands[1], arguments.operands[2])
    let days = try arguments["days"].map { try number($0) } ?? 365
    let settings = try OperatorSettings.load()
    let actor = OperatorSettings.actor(arguments)
    let reason = arguments.required("reason")
    let now = SystemClock.now()
    let until = Instant(microseconds: now.microseconds + days * 86_400_000_000)
    let lists = try ListsInForce(ReferenceFolder(DataFolder(configured: settings.dataFolder).reference))
    let released = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant) { tx in
        guard let party = try ListLibrary.party(entry, of: list, tx) else {
          throw Failure(
            "no list in force has the party \(list) \(entry)", remedy: "'pabean lists show \(list)' shows all")
        }
        let key = PartyClearances.Key(name, isNot: party, on: list)
        try ClearedParties.add(
          ClearedParties.Clearance(
            list: list, entry: entry, entryHash: key.entryHash, nameKey: key.nameKey, name: name, reason: reason,
            expiresAt: until), by: actor, at: now, tx)
        try OperatorAudit.append(
          "party.dismissed", about: "\(list) \(entry)", by: actor,
          [
            "name": .string(name), "list": .string(list), "entry": .string(entry), "until": until.json,
            "reason": .string(reason),
          ],
          of: tenant, tx)
        let (shipments, messages) = try HeldShipments(lists).release(naming: name, of: tenant, at: now, tx)
        _ = try Outbox.append(messages, at: now, tx)
        try AuditLog.append(
          shipments.map { AuditLog.Entry(subject: $0.value, kind: "shipment.ready", actor: actor, at: now) },
          of: tenant, tx)
        return shipments.count
      }
    }
    console.line("'\(name)' is not \(list) \(entry), until \(until.date).")
    if released > 0 { console.line("\(released) held \(released == 1 ? "shipment goes" : "shipments go") on.") }
    return .success
  }

  private static func reading<T>(_ read: () throws -> T) throws -> T {
    do { return try read() } catch {
      throw Failure("\(error)", remedy: "'pabean lists import --help' says which forms are read")
    }
  }

  private static func date(_ text: String) throws -> CalendarDate {
    guard let date = CalendarDate(text) else { throw UsageError("'\(text)' is no date such as 2026-01-31") }
    return date
  }

  private static func days(_ text: String) throws -> Int64 {
    let days = try number(text)
    guard days > 0 else { throw UsageError("a list must be allowed at least one day") }
    return days
  }

  private static func number(_ text: String) throws -> Int64 {
    guard let number = Int64(text), (0...36_500).contains(number) else {
      throw UsageError("'\(text)' is not a number of days")
    }
    return number
  }
}

extension PartyListStore.Summary {
  func age(on date: CalendarDate) -> String {
    guard let known = [source.asOf, confirmedOn].compactMap(\.self).max() else { return "unknown" }
    let days = date.daysSinceEpoch - known.daysSinceEpoch
    return days > ageMaxDays ? "\(days) days, stale" : "\(days) days"
  }

  var json: JSONValue {
    [
      "list": .string(list), "version": .string(version), "source": source.json, "maxAgeDays": .integer(ageMaxDays),
      "confirmedOn": confirmedOn?.json ?? .null, "parties": .integer(entryCount), "by": activatedBy.json,
      "at": activatedAt.json,
    ]
  }
}

extension ListImport.Result {
  var sentence: String {
    let state = isActivated ? "in force now" : isNew ? "loaded" : "known already"
    return """
      \(list.id) \(list.version): \(list.entries.count) parties, \(state); \(difference.added.count) added, \
      \(difference.removed.count) removed, \(difference.changed.count) changed
      """
  }

  var json: JSONValue {
    [
      "list": .string(list.id), "version": .string(list.version), "parties": .integer(Int64(list.entries.count)),
      "isNew": .bool(isNew), "isActivated": .bool(isActivated), "added": .integer(Int64(difference.added.count)),
      "removed": .integer(Int64(difference.removed.count)), "changed": .integer(Int64(difference.changed.count)),
      "doubt": doubt.map { .string($0) } ?? .null,
    ]
  }
}

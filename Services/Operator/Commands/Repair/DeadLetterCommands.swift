import AMQP
import Contracts
import Domain
import JSON
import Observability
import Postgres
import Store
import WorkerRuntime

/// Messages that a stage put aside because it could not handle them.
enum DeadLetterCommands {
  static let list = Command(
    "deadletters list", "Messages that were parked, and why", group: .repair,
    options: [Option("replayed", nil, "those that were replayed too"), .tenant, .json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let parked = try await settings.withDatabase { pool in
      let tenant = arguments.has("tenant") ? try await TenantChoice.resolve(arguments, pool) : nil
      return try await pool.transaction(readOnly: true) { tx in
        try ParkedMessages.list(tenant: tenant, includeReplayed: arguments.has("replayed"), limit: 500, tx)
      }
    }
    if arguments.has("json") {
      console.line(JSONValue.array(parked.map(json)).text)
      return .success
    }
    if parked.isEmpty {
      console.line("No message is parked.")
      return .success
    }
    var table = TextTable([
      TextTable.Column("id", .right), TextTable.Column("parked"), TextTable.Column("stage"), TextTable.Column("tenant"),
      TextTable.Column("reason"), TextTable.Column("in words"),
    ])
    for message in parked {
      let entry = message.entry
      table.add(
        "\(message.id)", message.parkedAt.toTheMinute, entry.stage, entry.tenant?.slug ?? "—", entry.reasonCode,
        message.replayedAt == nil ? entry.reason : "(replayed) \(entry.reason)")
    }
    console.print(table.text(console))
    return .success
  }

  static let show = Command(
    "deadletters show", "One parked message, whole", group: .repair, operands: [Operand("ID", "of the message")],
    options: [.json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let id = try number(arguments.operands[0])
    let found = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try ParkedMessages.find(id, tx) }
    }
    guard let found else { throw missing(id) }
    if arguments.has("json") {
      console.line(json(found).text)
      return .success
    }
    let entry = found.entry
    func fact(_ name: String, _ text: String?) { if let text { console.line("\(name.padded(to: 11)) \(text)") } }
    console.line(console.bold("Parked message \(id)"))
    fact("stage", entry.stage)
    fact("tenant", entry.tenant?.slug)
    fact("case", entry.caseID?.description)
    fact("reason", "\(entry.reasonCode): \(entry.reason)")
    fact(
      "parked", "\(found.parkedAt.toTheMinute), after \(entry.attempts) \(entry.attempts == 1 ? "attempt" : "attempts")"
    )
    fact("replayed", found.replayedAt?.toTheMinute)
    fact("exchange", "\(entry.exchange), key \(entry.routingKey)")
    fact("headers", JSONValue.object(entry.headers).text)
    let body = (try? JSONParser.parse(entry.body)).map { JSONLayout.text($0) }
    console.line("\n" + (body ?? String(decoding: entry.body.prefix(4000), as: UTF8.self)))
    return .success
  }

  static let replay = Command(
    "deadletters replay", "Send parked messages again, as they first came", group: .repair,
    operands: [Operand("ID", "of the messages", .any)],
    options: [Option("all", nil, "all that are not replayed"), .tenant, .actor],
    notes: """
      Mend the cause first. A message goes back to its exchange without its count of attempts, and the stage forgets that
      it has seen it; what fails again is parked again. One parked as 'id-reused' cannot be replayed: its sender must send
      it under an id of its own.
      """
  ) { arguments, console in
    guard arguments.operands.isEmpty == arguments.has("all") else {
      throw UsageError("name the messages, or --all", command: "deadletters replay")
    }
    let settings = try OperatorSettings.load()
    let actor = OperatorSettings.actor(arguments)
    let ids = try arguments.operands.map(number)
    let endpoint = try settings.requireBroker()
    let (sent, refused) = try await settings.withDatabase { pool in
      let tenant = arguments.has("tenant") ? try await TenantChoice.resolve(arguments, pool) : nil
      let replay = DeadLetterReplay(pool: pool, actor: actor)
      let chosen = ids.isEmpty ? try await replay.open(of: tenant) : ids
      let publisher = AMQPPublisher(endpoint: endpoint, name: "pabean-operator")
      publisher.start()
      let result = await Result { try await replay.run(chosen, through: publisher) }
      await publisher.close()
      return try result.get()
    }
    for (id, reason) in refused { console.complain("message \(id) is not replayed: \(reason)") }
    console.line("\(sent) \(sent == 1 ? "message" : "messages") sent again.")
    return refused.isEmpty ? .success : .failure
  }

  private static func number(_ text: String) throws -> Int64 {
    guard let number = Int64(text) else { throw UsageError("'\(text)' is not the number of a parked message") }
    return number
  }

  private static func missing(_ id: Int64) -> Failure {
    Failure("there is no parked message \(id)", remedy: "'pabean deadletters list --replayed' shows all")
  }

  private static func json(_ message: ParkedMessages.Stored) -> JSONValue {
    let entry = message.entry
    return [
      "id": .integer(message.id), "stage": .string(entry.stage), "tenant": entry.tenant?.json ?? .null,
      "messageID": entry.messageID?.json ?? .null, "caseID": entry.caseID?.json ?? .null,
      "reasonCode": .string(entry.reasonCode), "reason": .string(entry.reason),
      "attempts": .integer(Int64(entry.attempts)), "exchange": .string(entry.exchange),
      "routingKey": .string(entry.routingKey), "headers": .object(entry.headers), "parkedAt": message.parkedAt.json,
      "replayedAt": message.replayedAt?.json ?? .null, "body": .string(String(decoding: entry.body, as: UTF8.self)),
    ]
  }
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

import Domain
import HTTP
import JSON
import Postgres
import Store
import WritebackEngine

enum DestinationCommands {
  static let add = Command(
    "destination add", "Say where outcomes are to be delivered", group: .tenants,
    options: [
      .tenant, Option("name", "NAME", "what it is called in lists and logs", isRequired: true),
      Option("kind", "KIND", "webhook, amqp or file", isRequired: true), Option("url", "URL", "of a webhook"),
      Option("format", "FORMAT", "of a file: csv or jsonl; of a webhook for reviews: event or chat"),
      Option("carries", "WHAT", "outcomes (the default), or reviews: what happens to cases that wait for a person"),
      Option("risk", "RISK", "of a chat: new cases are told from this risk on, from 0 to 100 (default 70)"),
      Option("dry-run", nil, "only record what would be sent"), .actor,
    ],
    notes: """
      A webhook's deliveries are signed (Standard Webhooks); its signing secret is drawn here and shown once. 'amqp' goes
      to the exchange outcomes.TENANT, 'file' to a folder of the write-back worker's. News of reviews goes by webhook, or
      by 'amqp' to the exchange reviews.TENANT with the key review.MARKET; a chat gets {"text": …} for grave cases alone.
      Example: pabean destination add --tenant acme --name erp --kind webhook --url https://erp.example/pabean
      """
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let (destination, secret) = try destination(arguments)
    let actor = OperatorSettings.actor(arguments)
    let tenant = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      try await pool.transaction(as: tenant) { tx in
        guard try Destinations.add(destination, tx) else {
          throw Failure("\(tenant) has a destination '\(destination.name)' already", remedy: "choose another name")
        }
        try OperatorAudit.append(
          "destination.added", about: "destination \(destination.name)", by: actor,
          [
            "name": .string(destination.name), "kind": .string(destination.kind.rawValue), "config": destination.config,
          ],
          of: tenant, tx)
      }
      return tenant
    }
    console.note(
      "Outcomes of \(tenant) go to '\(destination.name)' from now on\(destination.isDryRun ? ", as a dry run" : "").")
    if let secret {
      console.note("Its signing secret, shown once:")
      console.line(secret)
    }
    return .success
  }

  private static func destination(_ arguments: Arguments) throws -> (Destination, secret: String?) {
    let name = arguments.required("name")
    guard let kind = Destination.Kind(rawValue: arguments.required("kind")) else {
      throw UsageError("--kind is webhook, amqp or file", command: "destination add")
    }
    guard let carries = Destination.Content(rawValue: arguments["carries"] ?? "outcomes") else {
      throw UsageError("--carries is outcomes or reviews", command: "destination add")
    }
    func make(_ config: JSONValue, _ secrets: [String] = []) -> Destination {
      Destination(
        name: name, kind: kind, config: config, secrets: secrets, isDryRun: arguments.has("dry-run"), carries: carries)
    }
    switch kind {
    case .amqp: return (make([:]), nil)
    case .file:
      guard carries == .outcomes else {
        throw UsageError("reviews go by webhook or amqp", command: "destination add")
      }
      guard let format = FileDrop.Format(rawValue: arguments["format"] ?? "jsonl") else {
        throw UsageError("--format is csv or jsonl", command: "destination add")
      }
      return (make(["format": .string(format.rawValue)]), nil)
    case .webhook:
      guard let url = arguments["url"], url.hasPrefix("https://") || url.hasPrefix("http://") else {
        throw UsageError("a webhook needs --url https://…", command: "destination add")
      }
      let secret = WebhookSecret.generate().serialized
      var config = JSONObject([("url", .string(url))])
      if carries == .reviews { try addReviewFormat(arguments, to: &config) }
      return (make(.object(config), [secret]), secret)
    }
  }

  private static func addReviewFormat(_ arguments: Arguments, to config: inout JSONObject) throws {
    guard let format = arguments["format"] else { return }
    guard format == "event" || format == "chat" else {
      throw UsageError("--format of a webhook for reviews is event or chat", command: "destination add")
    }
    config["format"] = .string(format)
    guard let text = arguments["risk"] else { return }
    guard format == "chat", let risk = Int64(text), (0...100).contains(risk) else {
      throw UsageError("--risk is of a chat, from 0 to 100", command: "destination add")
    }
    config["risk"] = .integer(risk)
  }

  static let list = Command(
    "destination list", "Where outcomes go, and what was disabled", group: .tenants, options: [.tenant, .json]
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let destinations = try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      return try await pool.transaction(as: tenant, readOnly: true) { tx in try Destinations.list(tx) }
    }
    if arguments.has("json") {
      console.line(JSONValue.array(destinations.map(json)).text)
      return .success
    }
    var table = TextTable([
      TextTable.Column("name"), TextTable.Column("kind"), TextTable.Column("carries"), TextTable.Column("state"),
      TextTable.Column("to"),
    ])
    for destination in destinations {
      let state = destination.isDisabled ? "disabled" : destination.isDryRun ? "dry run" : "active"
      let reason = destination.disabledReason.map { " (\($0))" } ?? ""
      table.add(
        destination.name, destination.kind.rawValue, destination.carries.rawValue, state + reason, place(destination))
    }
    console.print(table.text(console))
    return .success
  }

  private static func place(_ destination: Destinations.Listed) -> String {
    switch destination.kind {
    case .webhook: destination.config["url"]?.stringValue ?? ""
    case .amqp: "exchange \(destination.carries.rawValue).\(destination.tenant)"
    case .file: "files, \(destination.config["format"]?.stringValue ?? "jsonl")"
    }
  }

  private static func json(_ destination: Destinations.Listed) -> JSONValue {
    [
      "name": .string(destination.name), "kind": .string(destination.kind.rawValue), "config": destination.config,
      "carries": .string(destination.carries.rawValue), "dryRun": .bool(destination.isDryRun),
      "disabled": .bool(destination.isDisabled),
      "disabledReason": destination.disabledReason.map { .string($0) } ?? .null,
    ]
  }

  static let enable = Command(
    "destination enable", "Use a disabled destination again", group: .tenants,
    operands: [Operand("NAME", "of the destination")], options: [.tenant, .actor],
    notes: "What was not delivered meanwhile stays dead until 'pabean replay --dead'."
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let name = arguments.operands[0]
    let actor = OperatorSettings.actor(arguments)
    try await settings.withDatabase { pool in
      let tenant = try await TenantChoice.resolve(arguments, pool)
      try await pool.transaction(as: tenant) { tx in
        guard try Destinations.enable(name, tx) else {
          throw Failure("\(tenant) has no destination '\(name)'", remedy: "'pabean destination list' shows all")
        }
        try OperatorAudit.append(
          "destination.enabled", about: "destination \(name)", by: actor, ["name": .string(name)], of: tenant, tx)
      }
    }
    console.line("'\(name)' is active.")
    return .success
  }
}

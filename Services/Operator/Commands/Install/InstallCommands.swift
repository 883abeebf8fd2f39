import Contracts
import Domain
import JSON
import Postgres
import Store

enum InstallCommands {
  static let migrate = Command(
    "migrate", "Bring the database, and the broker's topology, to this version", group: .installation,
    notes: """
      PABEAN_DATABASE_URL must be the owner's. With PABEAN_MANAGEMENT_URL the broker's exchanges, queues and rights are
      declared too, in the virtual host of PABEAN_AMQP_URL. It may be run at any time, any number of times.
      """
  ) { _, console in
    let settings = try OperatorSettings.load(administers: true)
    let (applied, tenants) = try await settings.withDatabase { pool in
      let applied = try await Migrator(pool: pool).migrate()
      return (applied, try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() })
    }
    let version = "The database has schema version \(Migrator.requiredVersion)"
    console.line(applied.isEmpty ? "\(version) already." : "\(version) now.")
    guard settings.managementURL != nil else {
      console.note("The broker is left as it is: PABEAN_MANAGEMENT_URL is not set.")
      return .success
    }
    try await BrokerTopology(settings, tenants: tenants).declare()
    console.line(
      "The broker has its exchanges, queues and rights, for \(settings.markets.count) markets and \(tenants.count) tenants."
    )
    return .success
  }

  static let brokerDefinitions = Command(
    "broker definitions", "RabbitMQ's definitions file: users, rights, exchanges, queues", group: .installation,
    options: [
      Option("out", "FILE", "write it there, readable by you alone"),
      Option("for", "SLUG", "a tenant to have its own user, exchange and queue", repeats: true),
    ],
    notes: """
      Import it with 'rabbitmqctl import_definitions FILE', or let the broker load it when it starts. The passwords are
      drawn once and kept in the secrets file of .pabean, so that the same file comes out again.
      """
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let tenants = try arguments.list("for").map { text in
      guard let tenant = TenantID(text) else { throw UsageError("'\(text)' is not a tenant's slug") }
      return tenant
    }
    try LocalFile.makeFolder(settings.state.path)
    var credentials = try Credentials(in: settings.state)
    let definitions = try credentials.brokerDefinitions(markets: settings.markets, tenants: tenants)
    let text = JSONLayout.text(definitions.json) + "\n"
    guard let path = arguments["out"] else {
      console.print(text)
      return .success
    }
    try LocalFile.write(text, to: path, isSecret: true)
    console.line("Written to \(path); the passwords are in \(settings.state.shown(settings.state.secrets)).")
    return .success
  }

  static let referenceLoad = Command(
    "reference load", "Load the market packs of a folder", group: .installation,
    operands: [Operand("DIR", "with a JSON file for each market")],
    options: [
      Option("activate", nil, "put them into force, without a restart"),
      Option("reason", "TEXT", "why, for the history"), .actor,
    ],
    notes: "A pack that is loaded already is left alone. All packs of the folder are read before any is loaded."
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let activates = arguments.has("activate")
    let loaded = try await settings.withDatabase { pool in
      try await MarketPackFolder(arguments.operands[0]).load(
        into: pool, activates: activates, because: arguments["reason"] ?? "loaded from a folder",
        by: OperatorSettings.actor(arguments))
    }
    var table = TextTable([TextTable.Column("market"), TextTable.Column("version"), TextTable.Column("")])
    for pack in loaded {
      table.add(pack.market.code, pack.version, (pack.isNew ? "new" : "known") + (activates ? ", in force" : ""))
    }
    console.print(table.text(console))
    return .success
  }
}

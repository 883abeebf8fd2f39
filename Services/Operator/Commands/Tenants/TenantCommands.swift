import AMQP
import Configuration
import Contracts
import Crypto
import Domain
import JSON
import Postgres
import Store
import WorkerRuntime

enum TenantCommands {
  static let create = Command(
    "tenant create", "Add a seller company, with a standard policy and a broker user", group: .tenants,
    operands: [Operand("SLUG", "its short name: lower-case letters, digits and dashes")],
    options: [
      Option("name", "NAME", "its name, as it stands on documents", isRequired: true), .actor,
    ],
    notes: """
      The broker user 'tenant-SLUG' may write to the exchange 'submissions' and read the queue 'outcomes.SLUG', and no
      more. It needs PABEAN_MANAGEMENT_URL; without it the tenant can submit over HTTP alone.
      Example: pabean tenant create acme --name 'Acme Trading Sdn Bhd'
      """
  ) { arguments, console in
    guard let tenant = TenantID(arguments.operands[0]) else {
      throw UsageError("'\(arguments.operands[0])' is not a slug; use 2 to 40 of a-z, 0-9 and dashes")
    }
    let settings = try OperatorSettings.load()
    let name = arguments.required("name")
    let actor = OperatorSettings.actor(arguments)
    let tenants = try await settings.withDatabase { pool in
      try await pool.transaction(as: tenant) { tx in
        try AccessStore.createTenant(tenant, displayName: name, tx)
        _ = try FirstPolicy.activateWhereMissing(by: actor, at: SystemClock.now(), tx)
        try OperatorAudit.append("tenant.created", about: "tenant", by: actor, ["name": .string(name)], of: tenant, tx)
      }
      return try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx).keys.sorted() }
    }
    console.line("Tenant \(tenant) (\(name)) has the standard policy.")
    try await BrokerTenant(tenant, among: tenants, settings).create(console)
    console.line("Next: pabean key create --tenant \(tenant) --account erp --role intake")
    return .success
  }

  static let list = Command("tenant list", "All tenants", group: .tenants, options: [.json]) { arguments, console in
    let settings = try OperatorSettings.load()
    let tenants = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in try AccessStore.tenants(tx) }
    }.sorted { $0.key < $1.key }
    if arguments.has("json") {
      let list = tenants.map { entry -> JSONValue in ["tenant": entry.key.json, "name": .string(entry.value)] }
      console.line(JSONValue.array(list).text)
      return .success
    }
    var table = TextTable([TextTable.Column("tenant"), TextTable.Column("name")])
    for (slug, name) in tenants { table.add(slug.slug, name) }
    console.print(table.text(console))
    return .success
  }
}

/// The broker's side of a tenant: its user, its exchange and its queue.
struct BrokerTenant: Sendable {
  private let tenant: TenantID
  private let tenants: [TenantID]
  private let settings: OperatorSettings

  init(_ tenant: TenantID, among tenants: [TenantID], _ settings: OperatorSettings) {
    self.tenant = tenant
    self.tenants = tenants
    self.settings = settings
  }

  func create(_ console: Console) async throws {
    guard let management = settings.managementURL else {
      console.note("The broker does not know the tenant yet: set PABEAN_MANAGEMENT_URL and run this again.")
      return
    }
    if settings.isLocal {
      var credentials = try Credentials(in: settings.state)
      let definitions = try credentials.brokerDefinitions(markets: settings.markets, tenants: tenants)
      try LocalFile.write(definitions.json.text, to: settings.state.brokerDefinitions, isSecret: true)
      try await ManagementAPI(management.reveal()).importDefinitions(definitions.json)
      let password = try credentials.broker(BrokerDefinitions.user(tenant))
      try await show(password, console)
    } else {
      let password = Hex.encode(SecureRandom.bytes(24))
      let credential = BrokerDefinitions.Credential(
        user: BrokerDefinitions.user(tenant), password: password, salt: SecureRandom.bytes(4))
      try await BrokerTopology(settings, tenants: tenants).declare(adding: [credential])
      try await show(password, console)
    }
  }

  private func show(_ password: String, _ console: Console) async throws {
    let broker = try settings.requireBroker()
    console.line("Its broker address, shown once:")
    console.line(
      "  amqp://\(BrokerDefinitions.user(tenant)):\(password)@\(broker.host):\(broker.port)/\(broker.vhost)")
  }
}

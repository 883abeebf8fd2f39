import Contracts
import Crypto
import Domain

/// The passwords of an installation on this machine, drawn once and kept in a file that only its owner reads.
struct Credentials: Sendable {
  private var file: VariablesFile
  private let path: String

  init(in state: StateFolder) throws {
    path = state.secrets
    file = LocalFile.exists(path) ? try VariablesFile(reading: path) : VariablesFile()
  }

  static let databaseRoles = [
    "pabean_ingest", "pabean_classifier", "pabean_compliance_screening", "pabean_document_generation",
    "pabean_writeback", "pabean_review_desk", "pabean_maintenance", "pabean_operator",
  ]

  mutating func database(_ role: String) throws -> String { try password("DATABASE_\(role)") }
  mutating func broker(_ user: String) throws -> String { try password("BROKER_\(user)") }

  private mutating func password(_ name: String) throws -> String {
    let key = "PABEAN_" + name.uppercased().replacing("-", with: "_")
    if let known = file.values[key] { return known }
    let drawn = Hex.encode(SecureRandom.bytes(24))
    file.values[key] = drawn
    try file.write(to: path, isSecret: true)
    return drawn
  }

  /// Everything that the broker must know, as it imports it. The same passwords give the same bytes, so that a broker
  /// need not be told twice.
  mutating func brokerDefinitions(markets: [Market], tenants: [TenantID]) throws -> BrokerDefinitions {
    var credentials: [BrokerDefinitions.Credential] = []
    for user in BrokerDefinitions.allUsers(tenants: tenants) {
      let password = try broker(user)
      let salt = Array(SHA256.hash("salt of \(password)").bytes.prefix(4))
      credentials.append(BrokerDefinitions.Credential(user: user, password: password, salt: salt))
    }
    let topology = Topology(markets: markets, tenants: tenants)
    return BrokerDefinitions(
      vhosts: Domain.Environment.allCases.map {
        BrokerDefinitions.Vhost(name: Credentials.vhost($0), topology: topology)
      },
      credentials: credentials)
  }

  static func vhost(_ environment: Domain.Environment) -> String { "pabean-\(environment.rawValue)" }
}

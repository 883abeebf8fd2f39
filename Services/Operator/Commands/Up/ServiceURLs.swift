import AMQP
import Contracts
import Domain

/// Where each service finds the servers, as the user that it is there.
struct ServiceURLs: Sendable {
  let administratorDatabase: String
  let databasePasswords: [String: String]
  private let database: DatabaseURL
  private let broker: AMQPEndpoint
  private let vhost: String
  private let brokerPasswords: [String: String]

  init(
    _ addresses: PrivateServers.Addresses, _ environment: Domain.Environment, _ credentials: inout Credentials
  ) throws {
    administratorDatabase = addresses.databaseURL
    database = try DatabaseURL(addresses.databaseURL)
    broker = try AMQPEndpoint(addresses.brokerURL)
    vhost = Credentials.vhost(environment)
    var roles: [String: String] = [:]
    for role in Credentials.databaseRoles { roles[role] = try credentials.database(role) }
    databasePasswords = roles
    var users: [String: String] = [:]
    for user in BrokerDefinitions.allUsers(tenants: []) { users[user] = try credentials.broker(user) }
    brokerPasswords = users
  }

  func database(_ role: String) throws -> String {
    guard let password = databasePasswords[role] else { throw Failure("there is no database role \(role)") }
    return database.replacing(user: role, password: password)
  }

  func broker(_ user: String) throws -> String {
    guard let password = brokerPasswords[user] else { throw Failure("there is no broker user \(user)") }
    let host = broker.host.contains(":") ? "[\(broker.host)]" : broker.host
    return "amqp://\(user):\(password)@\(host):\(broker.port)/\(vhost)"
  }

  /// All that a service gets to see.
  func environment(of service: LocalService, _ settings: OperatorSettings) throws -> [String: String] {
    var variables = [
      "PATH": Processes.searchPath, "HOME": settings.state.path, "LC_ALL": "C.UTF-8",
      "PABEAN_DATABASE_URL": try database(service.databaseRole), "PABEAN_AMQP_URL": try broker(service.brokerUser),
      "PABEAN_ENVIRONMENT": settings.environment.rawValue,
      "PABEAN_MARKETS": settings.markets.map(\.key).joined(separator: ","),
    ]
    let readsData = ["classifier", "compliance-screening", "review-desk"].contains(service.name)
    if readsData, let folder = settings.dataFolder { variables["PABEAN_DATA"] = folder }
    return variables
  }
}

import AMQP
import Configuration
import Contracts
import Domain
import HTTP
import JSON

/// Declares the topology, and each user's rights, in the broker's virtual host through the management API.
struct BrokerTopology: Sendable {
  private let settings: OperatorSettings
  private let tenants: [TenantID]

  init(_ settings: OperatorSettings, tenants: [TenantID]) {
    self.settings = settings
    self.tenants = tenants
  }

  /// - Parameter credentials: users to create, or whose passwords to set. Rights of users that do not exist are left out.
  func declare(adding credentials: [BrokerDefinitions.Credential] = []) async throws {
    guard let url = settings.managementURL else { throw Failure("PABEAN_MANAGEMENT_URL is not set") }
    let api = try ManagementAPI(url.reveal())
    let vhost = BrokerDefinitions.Vhost(
      name: try settings.requireBroker().vhost, topology: Topology(markets: settings.markets, tenants: tenants))
    let definitions = BrokerDefinitions(vhosts: [vhost], credentials: credentials)
    let known = try await api.users().union(credentials.map(\.user))
    guard case .object(var object) = definitions.json else { return }
    for key in ["permissions", "topic_permissions"] {
      let rows = object[key]?.arrayValue ?? []
      object[key] = .array(rows.filter { known.contains($0["user"]?.stringValue ?? "") })
    }
    try await api.importDefinitions(.object(object))
  }
}

import Crypto
import Domain
import Postgres
import Store

/// Reviewers of three tenants with different roles and markets, most of them in the big tenant.
struct DeskPeople: Sendable {
  struct Member: Sendable {
    var email: String
    var tenant: TenantID
    var roles: [PersonRole]
    var markets: [Market]
  }

  static let password = "correct horse battery"
  private static let roles: [[PersonRole]] = [
    [.broker], [.broker], [.broker], [.broker, .compliance], [.compliance], [.finance], [.logistics], [.legal],
    [.broker, .compliance, .complianceLead, .admin], [.complianceLead, .finance],
  ]

  var members: [Member]
  var tenants: [TenantID] { Set(members.map(\.tenant)).sorted() }

  static func add(_ count: Int, _ pool: PostgresPool) async throws -> DeskPeople {
    let slugs = Array(repeating: "demo", count: 8) + ["selat", "kebun"]
    let members = (0..<count).compactMap { number -> Member? in
      guard let tenant = TenantID(slugs[number % slugs.count]) else { return nil }
      // One in ten sees a single market, one in ten three of them.
      let markets = number % 10 == 3 ? ["TH"] : number % 10 == 6 ? ["SG", "MY", "BN"] : []
      return Member(
        email: "reviewer-\(number)@\(tenant).example", tenant: tenant, roles: roles[number / 2 % roles.count],
        markets: markets.compactMap { Market($0) })
    }
    // As cheap as it may be: the cost of a password is not measured.
    let encoded = Argon2id.hash(password, cost: .init(memoryKiB: 64, passes: 1, lanes: 1))
    for member in members {
      try await pool.transaction(as: member.tenant) { tx in
        let person = People.Person(
          id: UniqueID(digest: SecureRandom.bytes(16)), email: member.email, name: "Reviewer of \(member.tenant)",
          roles: member.roles, markets: member.markets)
        _ = try People.add(person, at: Instant(microseconds: 1_700_000_000_000_000), tx)
        try People.setPassword(encoded, of: person.id, tx)
        for (name, query) in [("mine", "assigned=me"), ("TH manual", "market=TH&lane=manual")] {
          _ = try QueueViews.save(.init(name: name, query: query), of: person.actor, tx)
        }
      }
    }
    return DeskPeople(members: members)
  }
}

import Contracts
import Domain
import FoundationEssentials
import JSON
import TestSupport
import Testing

@Suite("The broker's topology")
struct TopologyTests {
  static let markets = ["SG", "MY", "ID", "TH", "VN", "PH", "BN", "KH", "LA", "MM", "TL"].compactMap { Market($0) }
  static let tenants = ["acme", "other"].compactMap { TenantID($0) }
  static let topology = Topology(markets: markets, tenants: tenants)

  /// What an installation begins with: both environments, every market, no tenant and no password.
  static let committed = BrokerDefinitions(
    vhosts: ["live", "sandbox"].map { .init(name: $0, topology: Topology(markets: markets, tenants: [])) },
    credentials: [])

  @Test("in the repository is the one that the code makes")
  func file() throws {
    let path = "\(Repository.root)/infra/rabbitmq/definitions.json"
    if ProcessInfo.processInfo.environment["PABEAN_RECORD_GOLDEN"] != nil {
      try Data(Self.committed.json.bytes).write(to: URL(filePath: path))
    }
    let text = try Data(contentsOf: URL(filePath: path))
    let found = try JSONParser.parse(Array(text))
    let isCurrent = found == Self.committed.json
    #expect(isCurrent, "write it anew with PABEAN_RECORD_GOLDEN set")
  }

  @Test("leads every message of every stage to one queue of that stage")
  func routes() {
    for stage in Stage.allCases where stage.isPerMarket {
      for market in Self.markets {
        let key = Topology.job(stage, market).text
        let bound = Self.topology.bindings.filter { $0.exchange == Topology.jobs && Self.matches($0.key.text, key) }
        #expect(bound.map(\.queue) == [Topology.queue(stage, market)], "\(key)")
        let parked = Self.topology.bindings.filter { $0.exchange == Topology.parking && Self.matches($0.key.text, key) }
        #expect(parked.map(\.queue) == [Topology.parkingQueue(stage)], "\(key)")
      }
    }
    for tenant in Self.tenants {
      for kind in SubmissionKind.allCases {
        let key = Topology.submission(kind, of: tenant)
        for exchange in [Topology.submissions, Topology.jobs] {
          let bound = Self.topology.bindings.filter { $0.exchange == exchange && Self.matches($0.key.text, key.text) }
          #expect(bound.map(\.queue) == [Topology.ingestQueue], "\(exchange) \(key)")
        }
        #expect(Topology.tenant(ofSubmission: key) == tenant)
      }
    }
  }

  @Test("binds only to queues that exist, and leaves none without a way in")
  func closed() {
    let queues = Set(Self.topology.queueNames)
    #expect(queues.count == Self.topology.queueNames.count)
    #expect(Set(Self.topology.bindings.map(\.queue)) == queues)
  }

  @Test("never sends what killed its worker back to it: a delivery limit leads to parking, a rung to jobs")
  func noCycle() throws {
    let policies = try #require(BrokerDefinitions.objects(of: Self.topology)["policies"]?.arrayValue)
    for policy in policies where policy["name"] != "outcomes" && policy["name"] != "reviews" {
      let definition = try #require(policy["definition"])
      let target = definition["dead-letter-exchange"]?.stringValue
      #expect(target == (definition["delivery-limit"] == nil ? "jobs" : "parking"))
      #expect(definition["dead-letter-strategy"] == "at-least-once")
      #expect(definition["overflow"] == "reject-publish")
      #expect((definition["message-ttl"] == nil) != (definition["delivery-limit"] == nil))
    }
    #expect(policies.count == 3 + RetryRung.allCases.count)
  }

  @Test("refuses outcomes that a tenant leaves lying, so that they do not fill the broker's disk")
  func outcomesEnd() throws {
    let policies = try #require(BrokerDefinitions.objects(of: Self.topology)["policies"]?.arrayValue)
    let policy = try #require(policies.first { $0["name"] == "outcomes" })
    #expect(policy["pattern"] == "^outcomes\\..+$")
    #expect(policy["definition"] == ["max-length-bytes": 1_073_741_824, "overflow": "reject-publish"])
    for tenant in Self.tenants { #expect(Topology.outcomesQueue(tenant).text == "outcomes.\(tenant)") }
  }

  @Test("drops news of reviews that nobody fetches, and lets nobody read or write another tenant's")
  func reviews() throws {
    let policies = try #require(BrokerDefinitions.objects(of: Self.topology)["policies"]?.arrayValue)
    let policy = try #require(policies.first { $0["name"] == "reviews" })
    #expect(policy["pattern"] == "^reviews\\..+$")
    #expect(
      policy["definition"]
        == ["max-length-bytes": 67_108_864, "overflow": "drop-head", "message-ttl": 604_800_000])
    let definitions = BrokerDefinitions(vhosts: [.init(name: "live", topology: Self.topology)], credentials: [])
    let rights = try #require(definitions.json["permissions"]?.arrayValue)
    let acme = try #require(rights.first { $0["user"] == "tenant-acme" })
    for (right, queue, isAllowed) in [
      ("read", "reviews.acme", true), ("read", "reviews.acme.sg", true), ("configure", "reviews.acme.sg", true),
      ("write", "reviews.acme.sg", true), ("write", "submissions", true), ("read", "outcomes.acme", true),
      ("read", "reviews.other", false), ("read", "reviews.acme-2", false), ("write", "reviews.acme", false),
      ("configure", "reviews.acme", false), ("configure", "reviews.acme.all", false),
      ("read", "outcomes.acme.sg", false), ("write", "reviews.other.sg", false),
    ] {
      let pattern = try Regex(try #require(acme[right]?.stringValue))
      #expect((queue.firstMatch(of: pattern) != nil) == isAllowed, "\(right) \(queue)")
    }
  }

  @Test("has quorum queues alone, and nothing that a service would have to declare")
  func queues() throws {
    let queues = try #require(BrokerDefinitions.objects(of: Self.topology)["queues"]?.arrayValue)
    for queue in queues { #expect(queue["arguments"] == ["x-queue-type": "quorum"]) }
    let permissions = try #require(Self.committed.json["permissions"]?.arrayValue)
    for permission in permissions { #expect(permission["configure"] == "^$", "\(permission)") }
  }

  @Test("spends attempts on later and later rungs, and then no more")
  func ladder() {
    let rungs = (1...RetryRung.attemptsMax).map { RetryRung.after(attempt: $0) }
    #expect(
      rungs == [
        .fiveSeconds, .thirtySeconds, .fiveMinutes, .thirtyMinutes, .thirtyMinutes, .thirtyMinutes,
        .thirtyMinutes, nil,
      ])
    #expect(RetryRung.after(attempt: 0) == .fiveSeconds)
    #expect(RetryRung.after(attempt: .max) == nil)
    let delays = RetryRung.allCases.map(\.milliseconds)
    #expect(delays == delays.sorted())
  }

  /// AMQP's topic match for keys without `#` in the middle.
  private static func matches(_ pattern: String, _ key: String) -> Bool {
    let (pattern, key) = (pattern.split(separator: "."), key.split(separator: "."))
    guard pattern.count == key.count else { return pattern == ["#"] }
    return zip(pattern, key).allSatisfy { $0 == "*" || $0 == $1 }
  }
}

import Crypto
import Domain
import JSON

/// The topology as RabbitMQ's definitions file: a vhost per environment, a user per service with the rights it needs
/// and no more. Services never declare anything, so a misconfigured worker cannot bend the topology.
public struct BrokerDefinitions: Sendable {
  public struct Vhost: Sendable {
    public var name: String
    public var topology: Topology

    public init(name: String, topology: Topology) {
      self.name = name
      self.topology = topology
    }
  }

  public struct Credential: Sendable {
    public var user: String
    public var password: String
    public var salt: [UInt8]

    public init(user: String, password: String, salt: [UInt8]) {
      self.user = user
      self.password = password
      self.salt = salt
    }

    /// RabbitMQ's salted form: base64(salt ‖ SHA-256(salt ‖ password)) with a 4-byte salt.
    var passwordHash: String { Base64.encode(salt + SHA256.hash(salt + Array(password.utf8)).bytes) }
  }

  /// What may wait for one tenant in one environment.
  static let outcomesBytesMax: Int64 = 1 << 30
  /// News of the queue ages: what nobody fetches makes room for what is newer.
  static let reviewsBytesMax: Int64 = 64 << 20
  static let reviewsMillisecondsMax: Int64 = 7 * 86_400_000

  public var vhosts: [Vhost]
  public var credentials: [Credential]
  public var administrator: Credential?

  public init(vhosts: [Vhost], credentials: [Credential], administrator: Credential? = nil) {
    self.vhosts = vhosts
    self.credentials = credentials
    self.administrator = administrator
  }

  public static func user(_ stage: Stage) -> String { "pabean-\(stage.rawValue)" }
  public static let reviewDeskUser = "pabean-review-desk"
  public static let maintenanceUser = "pabean-maintenance"
  public static let operatorUser = "pabean-operator"
  public static func user(_ tenant: TenantID) -> String { "tenant-\(tenant)" }

  public static func allUsers(tenants: [TenantID]) -> [String] {
    Stage.allCases.map(user) + [reviewDeskUser, maintenanceUser, operatorUser] + tenants.map(user)
  }

  public var json: JSONValue {
    [
      "users": .array(usersJSON), "vhosts": .array(vhosts.map { ["name": .string($0.name)] }),
      "permissions": .array(vhosts.flatMap(permissions)),
      "topic_permissions": .array(vhosts.flatMap(topicPermissions)),
      "exchanges": .array(vhosts.flatMap { exchanges($0, vhost: $0.name) }),
      "queues": .array(vhosts.flatMap { queues($0, vhost: $0.name) }),
      "bindings": .array(vhosts.flatMap { bindings($0, vhost: $0.name) }),
      "policies": .array(vhosts.flatMap { policies(vhost: $0.name) }),
    ]
  }

  /// One vhost's objects without users and permissions, as the management API imports them into an existing vhost.
  public static func objects(of topology: Topology) -> JSONValue {
    let vhost = Vhost(name: "", topology: topology)
    let definitions = BrokerDefinitions(vhosts: [vhost], credentials: [])
    return [
      "exchanges": .array(definitions.exchanges(vhost, vhost: nil)),
      "queues": .array(definitions.queues(vhost, vhost: nil)),
      "bindings": .array(definitions.bindings(vhost, vhost: nil)),
      "policies": .array(definitions.policies(vhost: nil)),
    ]
  }

  // MARK: Users and rights

  private var usersJSON: [JSONValue] {
    let services = credentials.map { userJSON($0, tags: []) }
    return services + (administrator.map { [userJSON($0, tags: ["administrator"])] } ?? [])
  }

  private func userJSON(_ credential: Credential, tags: [String]) -> JSONValue {
    [
      "name": .string(credential.user), "password_hash": .string(credential.passwordHash),
      "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": .strings(tags),
    ]
  }

  private func permissions(_ vhost: Vhost) -> [JSONValue] {
    var rows: [JSONValue] = []
    func allow(_ user: String, configure: String = "^$", write: String, read: String) {
      rows.append([
        "user": .string(user), "vhost": .string(vhost.name), "configure": .string(configure), "write": .string(write),
        "read": .string(read),
      ])
    }
    for stage in Stage.allCases {
      let queue = stage.isPerMarket ? "^\(stage.rawValue)\\..*$" : "^ingest$"
      let targets = stage == .writeback ? "^(retry|(outcomes|reviews)\\..*)$" : "^(jobs|retry)$"
      allow(BrokerDefinitions.user(stage), write: targets, read: queue)
    }
    allow(BrokerDefinitions.reviewDeskUser, write: "^jobs$", read: "^$")
    let swept = "^(jobs|retry|submissions|outcomes\\..*)$"
    allow(BrokerDefinitions.maintenanceUser, write: swept, read: "^(parking\\..*|unrouted)$")
    // The operator submits files and replays what was parked.
    allow(BrokerDefinitions.operatorUser, write: "^(submissions|jobs)$", read: "^$")
    for tenant in vhost.topology.tenants {
      // Who reads the news of one market alone binds a queue for it.
      let own = "reviews\\.\(tenant)\\.[a-z]{2}"
      allow(
        BrokerDefinitions.user(tenant), configure: "^\(own)$", write: "^(submissions|\(own))$",
        read: "^(outcomes\\.\(tenant)|reviews\\.\(tenant)(\\.[a-z]{2})?)$")
    }
    if let administrator { allow(administrator.user, configure: ".*", write: ".*", read: ".*") }
    return rows
  }

  private func topicPermissions(_ vhost: Vhost) -> [JSONValue] {
    var rows: [JSONValue] = []
    func allow(_ user: String, _ exchange: ExchangeName, write: String) {
      rows.append([
        "user": .string(user), "vhost": .string(vhost.name), "exchange": .string(exchange.text),
        "write": .string(write),
        "read": ".*",
      ])
    }
    let next: [(Stage, String)] = [
      (.ingest, "(classifier|document-generation|writeback)"), (.classifier, "compliance-screening"),
      (.complianceScreening, "document-generation"), (.documentGeneration, "(document-generation|writeback)"),
    ]
    for (stage, target) in next {
      allow(BrokerDefinitions.user(stage), Topology.jobs, write: "^job\\.[a-z]{2}\\.\(target)$")
    }
    allow(BrokerDefinitions.reviewDeskUser, Topology.jobs, write: "^job\\.[a-z]{2}\\.(document-generation|writeback)$")
    for tenant in vhost.topology.tenants {
      allow(
        BrokerDefinitions.user(.writeback), Topology.reviewsExchange(tenant), write: "^review\\.[a-z]{2}$")
      let own = "^\(tenant)\\.(product|shipment)\\.submitted$"
      allow(BrokerDefinitions.user(tenant), Topology.submissions, write: own)
    }
    return rows
  }

  // MARK: Objects

  private func exchanges(_ entry: Vhost, vhost: String?) -> [JSONValue] {
    func exchange(_ name: ExchangeName, _ type: String, alternate: ExchangeName? = nil) -> JSONValue {
      var arguments = JSONObject()
      arguments.set("alternate-exchange", alternate.map { .string($0.text) })
      return object(
        vhost,
        [
          ("name", .string(name.text)), ("type", .string(type)), ("durable", true), ("auto_delete", false),
          ("internal", false), ("arguments", .object(arguments)),
        ])
    }
    let fixed = [
      exchange(Topology.submissions, "topic", alternate: Topology.unrouted),
      exchange(Topology.jobs, "topic", alternate: Topology.unrouted), exchange(Topology.retry, "headers"),
      exchange(Topology.parking, "topic"), exchange(Topology.unrouted, "fanout"),
    ]
    let outgoing = entry.topology.tenants.flatMap { [Topology.outcomesExchange($0), Topology.reviewsExchange($0)] }
    return fixed + outgoing.map { exchange($0, "topic") }
  }

  private func queues(_ entry: Vhost, vhost: String?) -> [JSONValue] {
    entry.topology.queueNames.map { name in
      object(
        vhost,
        [
          ("name", .string(name.text)), ("durable", true), ("auto_delete", false),
          ("arguments", ["x-queue-type": "quorum"]),
        ])
    }
  }

  private func bindings(_ entry: Vhost, vhost: String?) -> [JSONValue] {
    entry.topology.bindings.map { binding in
      object(
        vhost,
        [
          ("source", .string(binding.exchange.text)), ("destination", .string(binding.queue.text)),
          ("destination_type", "queue"), ("routing_key", .string(binding.key.text)),
          ("arguments", .object(JSONObject(binding.headers.map { ($0.key, .string($0.value)) }))),
        ])
    }
  }

  /// Everything but the queue type is policy, because arguments can never be changed on a queue that exists.
  /// A delivery-limit dead letter goes to parking and never to a retry rung: such a cycle loses messages silently.
  private func policies(vhost: String?) -> [JSONValue] {
    func policy(_ name: String, _ pattern: String, priority: Int64, _ definition: JSONValue) -> JSONValue {
      object(
        vhost,
        [
          ("name", .string(name)), ("pattern", .string(pattern)), ("apply-to", "queues"),
          ("priority", .integer(priority)), ("definition", definition),
        ])
    }
    let stages = Stage.allCases.map(\.rawValue).joined(separator: "|")
    let work = policy(
      "work", "^(\(stages))(\\.[a-z]{2})?$", priority: 10,
      [
        "delivery-limit": 20, "dead-letter-exchange": .string(Topology.parking.text),
        "dead-letter-strategy": "at-least-once", "overflow": "reject-publish",
      ])
    let rungs = RetryRung.allCases.map { rung in
      policy(
        "retry-\(rung.rawValue)", "^retry\\.\(rung.rawValue)$", priority: 10,
        [
          "message-ttl": .integer(rung.milliseconds), "dead-letter-exchange": .string(Topology.jobs.text),
          "dead-letter-strategy": "at-least-once", "overflow": "reject-publish",
        ])
    }
    // A tenant that never consumes must not fill the broker's disk: its deliveries are refused and climb their ladder.
    let outcomes = policy(
      "outcomes", "^outcomes\\..+$", priority: 10,
      ["max-length-bytes": .integer(BrokerDefinitions.outcomesBytesMax), "overflow": "reject-publish"])
    let reviews = policy(
      "reviews", "^reviews\\..+$", priority: 10,
      [
        "max-length-bytes": .integer(BrokerDefinitions.reviewsBytesMax), "overflow": "drop-head",
        "message-ttl": .integer(BrokerDefinitions.reviewsMillisecondsMax),
      ])
    return [work, outcomes, reviews] + rungs
  }

  private func object(_ vhost: String?, _ members: [(String, JSONValue)]) -> JSONValue {
    var object = JSONObject(members)
    object.set("vhost", vhost.map { .string($0) })
    return .object(object)
  }
}

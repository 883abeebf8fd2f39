import AMQP
import Contracts
import Domain
import HTTP
import JSON
import Postgres
import Store
import WorkerRuntime

/// `pabean status`: everything that should move, whether it does, and what waits for whom.
enum StatusCommand {
  static let command = Command(
    "status", "Queues, cases, services, and what waits for whom", group: .work, options: [.json],
    notes: "Ends with 1 when something needs attention: a service that is not ready, parked messages, dead deliveries."
  ) { arguments, console in
    let settings = try OperatorSettings.load()
    let status = try await Status.read(settings)
    if arguments.has("json") {
      console.line(status.json.text)
    } else {
      status.print(console)
    }
    return status.needsAttention ? .failure : .success
  }
}

struct Status: Sendable {
  var environment: Domain.Environment
  var cases: [Overview.CaseCount]
  var oldestWait: Instant?
  var outbox: (count: Int64, oldest: Instant?)
  var parked: [(stage: String, count: Int64)]
  var deliveries: [(destination: String, state: DeliveryState, count: Int64)]
  var services: [(name: String, address: String, isReady: Bool, text: String)]
  var queues: [(name: String, messages: Int)]
  /// Why the queues could not be counted.
  var brokerProblem: String?
  var readAt: Instant

  static func read(_ settings: OperatorSettings) async throws -> Status {
    var status = try await settings.withDatabase { pool in
      try await pool.transaction(readOnly: true) { tx in
        Status(
          environment: settings.environment, cases: try Overview.cases(tx), oldestWait: try Overview.oldestWait(tx),
          outbox: try Outbox.depth(tx), parked: try Overview.parked(tx), deliveries: try Overview.deliveries(tx),
          services: [], queues: [], readAt: SystemClock.now())
      }
    }
    status.services = await services(settings)
    do {
      status.queues = try await queues(settings)
    } catch {
      status.brokerProblem = "\(error)"
    }
    return status
  }

  private static func services(_ settings: OperatorSettings) async -> [(String, String, Bool, String)] {
    guard settings.isLocal else { return [] }
    let client = HTTPClient(policy: .any)
    var answers: [(String, String, Bool, String)] = []
    for service in ServiceRegister(state: settings.state).running() {
      let answer = await service.readiness(client)
      answers.append((service.name, service.address, answer?.isReady ?? false, answer?.text ?? "does not answer"))
    }
    return answers
  }

  private static func queues(_ settings: OperatorSettings) async throws -> [(String, Int)] {
    let admin = AMQPAdmin(endpoint: try settings.requireBroker())
    let topology = Topology(markets: settings.markets, tenants: [])
    var depths: [(String, Int)] = []
    var failure: (any Error)?
    for queue in topology.queueNames where failure == nil {
      do { depths.append((queue.text, try await admin.messageCount(queue.text))) } catch { failure = error }
    }
    await admin.close()
    if let failure { throw failure }
    return depths
  }

  // MARK: Reading it

  private var unready: Bool { services.contains { !$0.isReady } }
  private var dead: Int64 { deliveries.filter { $0.state == .dead }.reduce(0) { $0 + $1.count } }
  var needsAttention: Bool { unready || brokerProblem != nil || !parked.isEmpty || dead > 0 }

  func print(_ console: Console) {
    printServices(console)
    if !cases.isEmpty {
      console.line(console.bold("Cases"))
      console.print(CaseTable.text(cases, console))
      console.line()
    }
    printQueues(console)
    line(console, "outbox", outbox.count == 0 ? "empty" : "\(outbox.count) not sent yet, oldest \(ago(outbox.oldest))")
    if let oldestWait { line(console, "oldest wait", ago(oldestWait)) }
    for (name, rows) in Dictionary(grouping: deliveries, by: \.destination).sorted(by: { $0.key < $1.key }) {
      line(console, "to \(name)", rows.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", "))
    }
    if dead > 0 { attention(console, "\(dead) deliveries are dead", "'pabean replay --dead' sends them again") }
    for (stage, count) in parked {
      attention(console, "\(count) messages parked by \(stage)", "'pabean deadletters list' says why")
    }
  }

  private func printServices(_ console: Console) {
    guard !services.isEmpty else { return }
    console.line(console.bold("Services"))
    for service in services {
      let mark = service.isReady ? console.green("●") : console.red("●")
      console.line(
        "  \(mark) \(service.name.padded(to: 22)) \(service.address)  \(service.isReady ? "" : service.text)")
    }
    console.line()
  }

  private func printQueues(_ console: Console) {
    if let brokerProblem {
      attention(console, "the broker does not answer", brokerProblem)
      return
    }
    let full = queues.filter { $0.messages > 0 }
    let text = full.map { "\($0.name) \($0.messages)" }.joined(separator: ", ")
    line(console, "queues", full.isEmpty ? "all \(queues.count) empty" : text)
  }

  private func line(_ console: Console, _ name: String, _ text: String) {
    console.line("\(name.padded(to: 13)) \(text)")
  }

  private func attention(_ console: Console, _ what: String, _ remedy: String) {
    console.line("\(console.red("!")) \(what)\n  → \(remedy)")
  }

  private func ago(_ instant: Instant?) -> String {
    guard let instant else { return "just now" }
    return "\(Duration.text(.milliseconds(readAt.timeIntervalMilliseconds(since: instant)))) ago"
  }

  var json: JSONValue {
    [
      "environment": .string(environment.rawValue), "at": readAt.json,
      "cases": .array(
        cases.map {
          [
            "market": $0.market.json, "state": .string($0.state.rawValue),
            "lane": $0.lane.map { .string($0.rawValue) } ?? .null, "count": .integer($0.count),
          ]
        }),
      "oldestWait": oldestWait?.json ?? .null,
      "outbox": ["count": .integer(outbox.count), "oldest": outbox.oldest?.json ?? .null],
      "parked": .array(parked.map { ["stage": .string($0.stage), "count": .integer($0.count)] }),
      "deliveries": .array(
        deliveries.map {
          [
            "destination": .string($0.destination), "state": .string($0.state.rawValue), "count": .integer($0.count),
          ]
        }),
      "services": .array(
        services.map {
          [
            "name": .string($0.name), "address": .string($0.address), "ready": .bool($0.isReady),
            "text": .string($0.text),
          ]
        }),
      "queues": .array(queues.map { ["name": .string($0.name), "messages": .integer(Int64($0.messages))] }),
      "brokerProblem": brokerProblem.map { .string($0) } ?? .null, "needsAttention": .bool(needsAttention),
    ]
  }
}

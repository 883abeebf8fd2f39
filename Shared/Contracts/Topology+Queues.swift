import Domain

extension Topology {
  public struct Binding: Sendable {
    public var exchange: ExchangeName
    public var queue: QueueName
    public var key: RoutingKey
    public var headers: [(key: String, value: String)] = []
  }

  public var queueNames: [QueueName] {
    workQueues.map(\.queue) + RetryRung.allCases.map(Topology.retryQueue) + Stage.allCases.map(Topology.parkingQueue)
      + [Topology.unroutedQueue] + tenants.map(Topology.outcomesQueue) + tenants.map(Topology.reviewsQueue)
  }

  public var bindings: [Binding] {
    ingestBindings + stageBindings + retryBindings + parkingBindings
      + [Binding(exchange: Topology.unrouted, queue: Topology.unroutedQueue, key: "")]
      + tenants.map { Binding(exchange: Topology.outcomesExchange($0), queue: Topology.outcomesQueue($0), key: "#") }
      + tenants.map { Binding(exchange: Topology.reviewsExchange($0), queue: Topology.reviewsQueue($0), key: "#") }
  }

  public func queues(of stage: Stage) -> [QueueName] { workQueues.filter { $0.stage == stage }.map(\.queue) }

  private var workQueues: [(stage: Stage, queue: QueueName)] {
    Stage.allCases.flatMap { stage in
      stage.isPerMarket ? markets.map { (stage, Topology.queue(stage, $0)) } : [(stage, Topology.ingestQueue)]
    }
  }

  private var ingestBindings: [Binding] {
    // On `jobs` too, because a retried submission comes back there with its own routing key.
    [Topology.submissions, Topology.jobs].flatMap { exchange in
      SubmissionKind.allCases.map { kind in
        Binding(exchange: exchange, queue: Topology.ingestQueue, key: RoutingKey("*.\(kind.rawValue).submitted"))
      }
    }
  }

  private var stageBindings: [Binding] {
    Stage.allCases.filter(\.isPerMarket).flatMap { stage in
      markets.map { Binding(exchange: Topology.jobs, queue: Topology.queue(stage, $0), key: Topology.job(stage, $0)) }
    }
  }

  private var retryBindings: [Binding] {
    RetryRung.allCases.map { rung in
      Binding(
        exchange: Topology.retry, queue: Topology.retryQueue(rung), key: "",
        headers: [("x-match", "all"), (RetryRung.header, rung.rawValue)])
    }
  }

  private var parkingBindings: [Binding] {
    Stage.allCases.flatMap { stage -> [Binding] in
      let queue = Topology.parkingQueue(stage)
      guard !stage.isPerMarket else {
        return [Binding(exchange: Topology.parking, queue: queue, key: RoutingKey("job.*.\(stage.rawValue)"))]
      }
      return SubmissionKind.allCases.map {
        Binding(exchange: Topology.parking, queue: queue, key: RoutingKey("*.\($0.rawValue).submitted"))
      }
    }
  }
}

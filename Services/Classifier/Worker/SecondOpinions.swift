import ClassifierEngine
import Configuration
import Domain
import HTTP
import Observability
import Synchronization
import WorkerRuntime

/// Asks a language model about what is not sure enough to clear, within a budget of calls and of time. Who is not
/// answered goes on without.
struct SecondOpinions: Sendable {
  struct Settings: Sendable {
    var url: String
    var model: String
    var key: String?
    var timeout: Duration
    /// Of each tenant.
    var callsPerDay: Int
    /// What is at least as sure is not asked about.
    var below: Confidence

    /// nil while no endpoint is named: the default.
    static func read(_ reader: inout ConfigurationReader) -> Settings? {
      let url = reader.optional(
        "PABEAN_OPINION_URL", .url(schemes: ["https", "http"]),
        "chat completions of a language model that gives second opinions")
      let model = reader.optional("PABEAN_OPINION_MODEL", .string, default: "default", "the model to ask there")
      let key = reader.optional("PABEAN_OPINION_KEY", .secret, "the bearer token for it")
      let timeout = reader.optional(
        "PABEAN_OPINION_TIMEOUT", .duration(in: .milliseconds(100) ... .seconds(60)), default: .seconds(10),
        "how long one opinion may take")
      let calls = reader.optional(
        "PABEAN_OPINION_CALLS_PER_DAY", .int(in: 1...1_000_000), default: 1000, "opinions a tenant may have a day")
      let below = reader.optional(
        "PABEAN_OPINION_BELOW_PERCENT", .int(in: 1...100), default: 90,
        "the confidence from which no opinion is asked")
      return url.map {
        Settings(
          url: $0.text, model: model, key: key?.reveal(), timeout: timeout, callsPerDay: calls,
          below: Confidence(millionths: Int32(below) * 10_000))
      }
    }
  }

  struct Answer: Sendable {
    var classification: Classification
    var calls = 0
    var tokens: Int64 = 0
  }

  enum Outcome: String, Sendable { case agreed, differed, none, failed }

  let settings: Settings
  let client: HTTPClient
  let opinions: Counter
  let log: Log
  private let breaker = Breaker()

  private static let atOnce = 4

  private final class Breaker: Sendable {
    let state = Mutex(CircuitBreaker())
  }

  init(settings: Settings, client: HTTPClient, metrics: Metrics, log: Log) {
    self.settings = settings
    self.client = client
    self.log = log
    opinions = metrics.counter(
      "pabean_second_opinions_total", "What language models said about candidates.", labels: ["outcome"])
  }

  /// One answer for each, in their order.
  /// - Parameter callsLeft: of the tenant's budget for today.
  func heard(_ asked: [(Product, Classification)], callsLeft: Int) async -> [Answer] {
    var answers = asked.map { Answer(classification: $0.1) }
    let doubtful = asked.indices.filter { isDoubtful(asked[$0].1) }.prefix(max(callsLeft, 0))
    await withTaskGroup(of: (Int, Answer).self) { group in
      for (position, index) in doubtful.enumerated() {
        if position >= SecondOpinions.atOnce, let (index, answer) = await group.next() { answers[index] = answer }
        group.addTask { (index, await heard(asked[index].0, asked[index].1)) }
      }
      for await (index, answer) in group { answers[index] = answer }
    }
    return answers
  }

  private func isDoubtful(_ classification: Classification) -> Bool {
    classification.best.map { $0.confidence < settings.below } ?? false
  }

  private func heard(_ product: Product, _ classification: Classification) async -> Answer {
    guard let question = OpinionQuestion(product, classification),
      breaker.state.withLock({ $0.lets(SystemClock.now()) })
    else { return Answer(classification: classification) }
    do {
      let opinion = try await ask(question, classification)
      breaker.state.withLock { $0.succeeded() }
      opinions.increment(outcome(opinion, classification).rawValue)
      return Answer(classification: classification.heeding(opinion), calls: 1, tokens: opinion.tokens)
    } catch {
      breaker.state.withLock { $0.failed(at: SystemClock.now()) }
      opinions.increment(Outcome.failed.rawValue)
      log.warning("a second opinion could not be had", ["error": .string("\(error)")])
      return Answer(classification: classification, calls: 1)
    }
  }

  private func outcome(_ opinion: SecondOpinion, _ classification: Classification) -> Outcome {
    guard let code = opinion.code else { return .none }
    return code == classification.best?.code ? .agreed : .differed
  }

  private struct Refused: Error, CustomStringConvertible {
    var status: Int
    var description: String { "the endpoint answered \(status)" }
  }

  private func ask(_ question: OpinionQuestion, _ classification: Classification) async throws -> SecondOpinion {
    var headers: HTTPHeaders = ["content-type": "application/json", "accept": "application/json"]
    if let key = settings.key { headers.append("authorization", "Bearer \(key)") }
    let response = try await client.send(
      HTTPClientRequest(
        url: settings.url, method: .post, headers: headers, body: question.body(model: settings.model),
        timeout: settings.timeout, maxResponseBytes: 256 * 1024))
    guard response.status == 200 else { throw Refused(status: response.status) }
    return try SecondOpinion(body: response.body, to: classification, model: settings.model)
  }
}

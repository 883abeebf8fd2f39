import HTTP
import Observability
import Postgres
import Store
import WorkerRuntime

/// The HTTP interface of ingest: what it serves, and what holds for every request.
struct IntakeAPI: Sendable {
  let gate: Gate
  let dispatch: BackgroundDispatch
  private let products: ProductEndpoints
  private let tables: TableUpload
  private let shipments: ShipmentEndpoints
  private let cases: CaseEndpoints
  private let documents: DocumentEndpoint
  private let refused: RefusedEndpoint
  private let codes: ERPCodeEndpoint
  private let requests: Counter
  private let log: Log

  init(_ context: ServiceContext, _ settings: IngestSettings, rules: IntakeRules) {
    gate = Gate(
      pool: context.pool, environment: context.configuration.environment,
      requestsPerMinute: settings.requestsPerMinute)
    let dispatch = BackgroundDispatch(OutboxDispatch(context), log: context.log)
    self.dispatch = dispatch
    let transaction = IntakeTransaction(pool: context.pool, dispatch: dispatch)
    products = ProductEndpoints(rules: rules, transaction: transaction, gate: gate)
    tables = TableUpload(rules: rules, transaction: transaction, gate: gate)
    shipments = ShipmentEndpoints(pool: context.pool, rules: rules, transaction: transaction)
    cases = CaseEndpoints(pool: context.pool)
    documents = DocumentEndpoint(pool: context.pool)
    refused = RefusedEndpoint(pool: context.pool)
    codes = ERPCodeEndpoint(markets: context.configuration.markets, transaction: transaction)
    log = context.log
    requests = context.metrics.counter(
      "pabean_http_requests_total", "Requests answered.", labels: ["route", "status"])
    context.metrics.observedGauge("pabean_intake_unsent_messages", "Committed messages on their way to the broker.") {
      Double(dispatch.messageCount)
    }
  }

  static var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.bodyBytes = 1 << 20
    limits.bodyBytesFor = { method, path in
      guard method == .post else { return nil }
      switch path {
      case "/v1/products:batch": return 8 << 20
      case "/v1/products:csv": return 64 << 20
      default: return nil
      }
    }
    // A table of a million rows takes its time; everything else is bounded by the database's own limits.
    limits.handlerTimeout = .seconds(3600)
    return limits
  }

  func routes() -> Router {
    var router = Router()
    on(.post, "/v1/products", to: .submit, &router, products.submit)
    on(.post, "/v1/products:batch", to: .submit, &router, products.submitBatch)
    on(.post, "/v1/products:csv", to: .submit, &router, tables.submit)
    on(.get, "/v1/products/{sku}", to: .read, &router, cases.findProduct)
    on(.put, "/v1/products/{sku}/codes/{market}", to: .submit, &router, codes.report)
    on(.post, "/v1/shipments", to: .submit, &router, shipments.submit)
    on(.get, "/v1/shipments/{reference}", to: .read, &router, shipments.find)
    on(.get, "/v1/cases/{id}", to: .read, &router, cases.findCase)
    on(.get, "/v1/documents/{id}", to: .read, &router, documents.find)
    on(.get, "/v1/submissions/refused", to: .read, &router, refused.list)
    router.on(.get, "/openapi.json") { _ in
      .bytes(PackageResources.openapi_json, contentType: "application/json")
    }
    return router
  }

  private func on(
    _ method: HTTPMethod, _ pattern: String, to purpose: Gate.Purpose, _ router: inout Router,
    _ handle: @escaping @Sendable (Call) async throws -> HTTPResponse
  ) {
    let route = "\(method) \(pattern)"
    router.on(method, pattern) { request in await answer(request, route, purpose, handle) }
  }

  private func answer(
    _ request: HTTPRequest, _ route: String, _ purpose: Gate.Purpose,
    _ handle: @Sendable (Call) async throws -> HTTPResponse
  ) async -> HTTPResponse {
    let start = ContinuousClock.now
    let sent = request.headers["traceparent"].flatMap {
      TraceContext(traceparent: $0, tracestate: request.headers["tracestate"])
    }
    let trace = sent?.child() ?? .root()
    let log = log.with(trace: trace)
    let response: HTTPResponse
    do {
      let now = SystemClock.now()
      let caller = try await gate.admit(request, to: purpose, at: now)
      let call = Call(request: request, route: route, caller: caller, trace: trace, now: now)
      response = limited(await IntakeAPI.responseOrProblem(log) { try await handle(call) }, call)
    } catch {
      response = IntakeAPI.response(to: error, log)
    }
    requests.increment(route, String(response.status))
    log.debug(
      "request answered",
      [
        "route": .string(route), "status": .integer(response.status),
        "duration": .string("\(ContinuousClock.now - start)"),
      ])
    return response
  }

  private func limited(_ response: HTTPResponse, _ call: Call) -> HTTPResponse {
    var response = response
    for field in gate.standing(of: call.tenant, at: SystemClock.now()).headers.fields {
      response.headers[field.name] = field.value
    }
    return response
  }

  private static func responseOrProblem(
    _ log: Log, _ handle: () async throws -> HTTPResponse
  ) async -> HTTPResponse {
    do { return try await handle() } catch { return response(to: error, log) }
  }

  private static func response(to error: any Error, _ log: Log) -> HTTPResponse {
    switch error {
    case let refusal as RequestRefusal: return refusal.response
    case let problem as Problem: return .problem(problem)
    case let error as PostgresError where error.isPassing:
      log.warning("stalled by the database", ["error": .string(error.description)])
      return RequestRefusal.unavailable(retryAfterSeconds: 5).response
    case is CancellationError: return RequestRefusal.unavailable(retryAfterSeconds: 1).response
    default:
      log.error("request failed", ["error": .string("\(error)")])
      return .problem(Problem(status: 500))
    }
  }
}

extension PostgresError {
  /// The same request may succeed a little later.
  fileprivate var isPassing: Bool {
    isInfrastructure || isRetriable || kind == .cancelled || kind == .lockNotAvailable
  }
}

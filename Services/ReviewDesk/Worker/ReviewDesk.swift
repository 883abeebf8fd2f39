import HTTP
import Mail
import Observability
import Postgres
import ReviewDeskEngine
import WorkerRuntime

/// The desk as a service: the API for programs and the console for people, over the same cases. It consumes no queue.
struct ReviewDesk: Sendable {
  private let context: ServiceContext
  private let dispatch: BackgroundDispatch
  private let cases: CaseDesk
  private let keys: KeyGate
  private let events: ReviewEvents
  private let settings: DeskSettings
  private let figures: FigureKeeper
  private let controls: ControlsInForce
  private let replayer: Replayer

  /// People and programs are all it serves: without an address it would run for nobody.
  struct NoAddress: Error, CustomStringConvertible {
    let description = "PABEAN_HTTP_ADDRESS is not set; set it to the host and port to serve, such as 0.0.0.0:8080"
  }

  init(
    _ context: ServiceContext, _ settings: DeskSettings, controls: ControlsInForce, data: DataFolder
  ) throws {
    guard context.configuration.httpAddress != nil else { throw NoAddress() }
    self.context = context
    self.settings = settings
    dispatch = BackgroundDispatch(OutboxDispatch(context), log: context.log, messagesMax: 1000)
    replayer = Replayer(pool: context.pool, controls: controls, data: data)
    cases = CaseDesk(pool: context.pool, controls: controls, codes: KnownCodes(replayer), dispatch: dispatch)
    keys = KeyGate(pool: context.pool, environment: context.configuration.environment)
    events = ReviewEvents(environment: context.configuration.environment)
    figures = FigureKeeper(pool: context.pool, log: context.log)
    self.controls = controls
  }

  var service: Service {
    let (open, end) = AsyncStream.makeStream(of: Never.self)
    let listener = PostgresListener(
      context.configuration.postgres(applicationName: "pabean-review-desk-news"), channels: ["pabean_review"])
    let release = DecisionRelease(cases: cases, environment: context.configuration.environment, log: context.log)
    var limits = HTTPLimits()
    // A policy or own rules, as a form sends them.
    limits.bodyBytes = 262_144
    let draw = QualityDraw(pool: context.pool, log: context.log)
    return Service(
      routes: routes, limits: limits,
      run: { [events, figures] in
        await withDiscardingTaskGroup { group in
          group.addTask { await figures.run() }
          group.addTask { await draw.run() }
          group.addTask { await events.run(listener) }
          group.addTask { await release.run() }
          group.addTask { await tellOthers() }
          for await _ in open {}
          group.cancelAll()
        }
      },
      drain: { [events] in
        // Streams have no end of their own, and would keep the server from stopping.
        events.close()
        end.finish()
      },
      close: { [dispatch] in
        await listener.close()
        await dispatch.finish(within: .seconds(5))
      })
  }

  /// Systems by news, people by letters.
  private func tellOthers() async {
    let news = NewsDesk(
      pool: context.pool, publicAddress: settings.publicAddress, writesLetters: settings.mail != nil,
      told: context.metrics.counter("pabean_review_events_total", "What happened to waiting cases and was told."),
      log: context.log)
    let letters = settings.mail.map { mail in
      LetterRoom(
        pool: context.pool, sender: MailSender(mail.relay, certificateAuthorities: mail.certificateAuthorities),
        from: mail.sender, publicAddress: settings.publicAddress,
        letters: context.metrics.counter("pabean_letters_total", "Letters to people.", labels: ["outcome"]),
        log: context.log)
    }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await news.run() }
      if let letters { group.addTask { await letters.run() } }
    }
  }

  private var routes: Router {
    let log = context.log
    let sessions = SessionGate(pool: context.pool, environment: context.configuration.environment)
    let problems = ProblemAnswer(sessions: sessions)
    var router = Router(
      unexpected: { error, request in ReviewDesk.unexpected(error, request, log) },
      problem: { await problems.answer($0, $1, $2) })
    let api = ReviewAPI(keys: keys, cases: cases, events: events)
    api.add(to: &router)
    let hasher = PasswordHasher()
    let signIn = SignIn(pool: context.pool, keys: keys, hasher: hasher, log: log)
    let doorway = Doorway(
      signIn: signIn, welcome: Welcome(pool: context.pool, hasher: hasher), hasProvider: settings.provider != nil)
    doorway.add(to: &router)
    if let provider = settings.provider {
      ProviderDoor(provider: Provider(provider), signIn: signIn, log: log).add(to: &router)
    }
    let accounts = Accounts(pool: context.pool, hasher: hasher, sendsLetters: settings.mail != nil)
    let console = Console(sessions: sessions, cases: cases, accounts: accounts, events: events)
    console.add(to: &router)
    let markets = context.configuration.markets
    DashboardRoutes(console: console, figures: figures, markets: markets).add(to: &router, api: api)
    TrailRoutes(console: console, pool: context.pool, reader: TrailReader(controls: controls), replayer: replayer)
      .add(to: &router)
    GoldRoutes(console: console, pool: context.pool).add(to: &router)
    QualityRoutes(console: console, pool: context.pool).add(to: &router, api: api)
    KnowledgeRoutes(console: console, pool: context.pool, controls: controls, replayer: replayer).add(to: &router)
    return router
  }

  /// The client learns nothing of our inside, but whether trying again makes sense.
  private static func unexpected(_ error: any Error, _ request: HTTPRequest, _ log: Log) -> HTTPResponse {
    let busy = ProblemAnswer.plain(.busy, ["retry-after": "1"], request)
    if error is CancellationError { return busy }
    log.error("a request failed", ["error": .string("\(error)"), "method": .string(request.method.rawValue)])
    guard let database = error as? PostgresError, database.isInfrastructure || database.isRetriable else {
      return ProblemAnswer.plain(Problem(status: 500), [:], request)
    }
    return busy
  }
}

extension Problem {
  fileprivate static let busy = Problem(
    status: 503,
    detail: "The desk cannot answer now. Whether the request was carried out is not known: look at the case, "
      + "or repeat the request with its Idempotency-Key.")
}

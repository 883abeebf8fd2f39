import AMQP
import Domain
import HTTP
import Observability
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime

@testable import IngestWorker

@Suite("An upload that lasts", .timeLimit(.minutes(5)))
struct LongUploadTests {
  @Test(
    "stores each row with the time of its own transaction, so that no message seems abandoned",
    .database(from: Installation.template))
  func times() async throws {
    let pool = PostgresPool(
      PostgresConfiguration(
        url: try TestDatabase.required().url, applicationName: "pabean-test", poolSize: 2,
        sessionSettings: [("app.environment", "live")]))
    let log = Log(service: "test", level: .critical)
    // A broker that is away: what is stored stays to be seen.
    let publisher = AMQPPublisher(endpoint: try AMQPEndpoint("amqp://nobody:none@127.0.0.1:1/none"), name: "test")
    let dispatch = BackgroundDispatch(OutboxDispatch(pool: pool, publisher: publisher, log: log), log: log)
    let upload = TableUpload(
      rules: IntakeRules(markets: [Market("SG")!]), transaction: IntakeTransaction(pool: pool, dispatch: dispatch),
      gate: Gate(pool: pool, environment: .live, requestsPerMinute: 100))
    let anHourAgo = SystemClock.now().adding(.seconds(-3600))
    let table =
      "sku,title,materials,origin,price,currency,weight,markets\n"
      + "A,Men's cotton t-shirt short sleeve,100% cotton,CN,6.50,USD,180 g,SG\n"
      + "B,Men's cotton t-shirt short sleeve,\"60% cotton, 50% linen\",CN,6.50,USD,180 g,SG\n"
    let call = Call(
      request: HTTPRequest(
        method: .post, path: "/v1/products:csv", headers: ["content-type": "text/csv", "idempotency-key": "\"k\""],
        body: Array(table.utf8)), route: "POST /v1/products:csv",
      caller: Principal(
        tenant: Installation.tenant, environment: .live, account: "erp", isPerson: false, roles: ["intake"]),
      trace: .root(), now: anHourAgo)
    #expect(try await upload.submit(call).status == 200)
    let old = try await pool.transaction(readOnly: true) { tx in
      try tx.query(
        """
        SELECT ARRAY(SELECT name FROM (
            SELECT 'outbox' AS name, created_at AS at FROM outbox UNION ALL
            SELECT 'case', opened_at FROM customs_case UNION ALL
            SELECT 'refusal', refused_at FROM refused_submission UNION ALL
            SELECT 'key', created_at FROM idempotency_key UNION ALL
            SELECT 'audit', (content::json ->> 'at')::timestamptz FROM audit_entry) t
          WHERE at < $1 + interval '30 minutes' ORDER BY name)
        """, anHourAgo
      ).decode(row: 0, as: [String].self)
    }
    #expect(old == [])
    let counts = try await pool.transaction(readOnly: true) { tx in
      try tx.query(
        "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM refused_submission), (SELECT count(*) FROM idempotency_key)"
      ).decode(row: 0, as: Int64.self, Int64.self, Int64.self)
    }
    #expect(counts == (1, 1, 1))
    await dispatch.finish(within: .zero)
    await publisher.close()
    await pool.close()
  }
}

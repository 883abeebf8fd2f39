import Contracts
import Domain
import TestSupport
import Testing

@Suite("Programs that are not ours speak to Pabean", .installation(), .timeLimit(.minutes(5)))
struct InteropTests {
  /// Publishes with pika: a CloudEvent in structured form, one in binary form, and plain JSON; then takes the outcomes
  /// and reads them with the SDK.
  private static let program = """
    import json, sys, time, pika
    from cloudevents.core.bindings import rabbitmq
    from cloudevents.core.v1.event import CloudEvent
    url, tenant = sys.argv[1], sys.argv[2]
    channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
    channel.confirm_delivery()

    def product(sku):
        return {"sku": sku, "title": "Men's cotton t-shirt short sleeve crew neck knitted", "materials": "100% cotton",
                "origin": "CN", "price": "6.50", "currency": "USD", "weight": "180 g", "markets": ["SG"]}

    def event(sku):
        return CloudEvent({"type": "pabean.product.submitted.v1", "source": "/erp", "id": "pika " + sku,
                           "datacontenttype": "application/json", "tenant": tenant}, product(sku))

    def publish(body, **properties):
        channel.basic_publish("submissions", tenant + ".product.submitted", body,
                              pika.BasicProperties(delivery_mode=2, **properties), mandatory=True)

    structured = rabbitmq.to_structured_event(event("PIKA-STRUCTURED"))
    publish(structured.body, content_type=structured.content_type, headers=structured.headers)
    binary = rabbitmq.to_binary_event(event("PIKA-BINARY"))
    publish(binary.body, content_type=binary.content_type, headers=binary.headers)
    publish(json.dumps(product("PIKA-PLAIN")), content_type="application/json", message_id="pika plain")

    found, end = {}, time.monotonic() + 60
    for method, properties, body in channel.consume("outcomes." + tenant, inactivity_timeout=1):
        if time.monotonic() > end:
            sys.exit("no outcomes but of " + str(sorted(found)))
        if method is None:
            continue
        message = rabbitmq.RabbitMQMessage(headers=properties.headers or {}, content_type=properties.content_type, body=body)
        received = rabbitmq.from_rabbitmq_event(message)
        assert received.get_attributes()["id"] == properties.message_id
        found[received.get_data()["sku"]] = received
        channel.basic_ack(method.delivery_tag)
        if len(found) == 3:
            break
    for sku, received in sorted(found.items()):
        print(sku, received.get_attributes()["type"], received.get_attributes()["tenant"], received.get_data()["state"])
    """

  @Test(
    "pika and the SDK of CloudEvents submit in three forms and read the outcomes",
    .enabled(if: Judge.hasPython, "run infra/scripts/python-env.sh"))
  func pika() async throws {
    let pabean = try Installation.required()
    // Not the tenant whose queue the tests themselves read.
    let tenant = Installation.otherTenant
    let arguments = ["-c", Self.program, pabean.brokerURL, tenant.slug]
    let verdict = try await Judge.run("python", arguments)
    #expect(verdict.succeeded, "\(verdict) \(pabean.workers.logs())")
    let expected = ["PIKA-BINARY", "PIKA-PLAIN", "PIKA-STRUCTURED"].map {
      "\($0) pabean.case.outcome.v1 other cleared\n"
    }
    #expect(verdict.stdout == expected.joined())
  }
}

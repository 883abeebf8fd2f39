import AMQP
import Testing

@Suite("Endpoints")
struct EndpointTests {
  @Test("every part is taken and percent-decoded")
  func parts() throws {
    let endpoint = try AMQPEndpoint("amqp://us%65r:p%40ss%3A%2F%3f@broker.local:5673/live%2Fth?heartbeat=7")
    #expect(endpoint.host == "broker.local")
    #expect(endpoint.port == 5673)
    #expect(endpoint.vhost == "live/th")
    #expect(endpoint.user == "user")
    #expect(endpoint.password == "p@ss:/?")
    #expect(endpoint.heartbeatSeconds == 7)
    #expect(endpoint.tls == nil)
  }

  @Test("defaults", arguments: ["amqp://h", "amqp://h/", "amqp://guest:guest@h:5672/%2F"])
  func defaults(url: String) throws {
    #expect(try AMQPEndpoint(url) == AMQPEndpoint(host: "h", user: "guest", password: "guest"))
  }

  @Test("TLS takes its files from the query, and has its own port")
  func tls() throws {
    let endpoint = try AMQPEndpoint("amqps://u:p@h/v?cacertfile=/etc/ca%20x.pem&certfile=c.pem&keyfile=k.pem")
    #expect(endpoint.port == 5671)
    #expect(
      endpoint.tls
        == AMQPEndpoint.TLS(caCertificateFile: "/etc/ca x.pem", certificateFile: "c.pem", keyFile: "k.pem"))
  }

  @Test("an IPv6 address stands in brackets")
  func ipv6() throws {
    #expect(try AMQPEndpoint("amqp://u:p@[::1]:5673").host == "::1")
    #expect(try AMQPEndpoint("amqp://u:p@[::1]:5673").port == 5673)
    #expect(try AMQPEndpoint("amqp://u:p@[::1]").port == 5672)
  }

  @Test(
    "what is not an AMQP URL is refused, and the error does not repeat the password",
    arguments: [
      "", "http://secret@h", "amqp://", "amqp://u:secret@", "amqp://u:secret@h:0", "amqp://u:secret@h:65536",
      "amqp://u:secret@h:x", "amqp://u:secret%4@h", "amqp://u:secret%zz@h", "amqp://u:secret@h?heartbeat=-1",
      "amqp://u:secret@h?colour=red", "amqps://u:secret@h", "amqps://u:secret@h?cacertfile=a&certfile=b",
      "amqp://u:secret@h?cacertfile=a", "amqp://u:secret%ff@h", "amqp://u:secret%00@h", "amqp://u:secret@[::1]x",
    ])
  func invalid(url: String) {
    let error = #expect(throws: AMQPError.self) { try AMQPEndpoint(url) }
    #expect(error?.kind == .invalidEndpoint)
    #expect(error?.description.contains("secret") == false)
  }

  @Test("no description shows the password")
  func redaction() throws {
    let endpoint = try AMQPEndpoint("amqp://u:secret@h")
    var dumped = ""
    dump(endpoint, to: &dumped)
    for text in ["\(endpoint)", String(reflecting: endpoint), dumped] { #expect(!text.contains("secret")) }
  }

  @Test("a copy replaces only what is named")
  func replacing() throws {
    let endpoint = try AMQPEndpoint("amqp://u:p@h:1/v?heartbeat=3")
    let copy = endpoint.replacing(user: "other", password: "new")
    #expect(copy.user == "other")
    #expect(copy.password == "new")
    #expect(copy.replacing(user: "u", password: "p") == endpoint)
  }
}

import AMQP
import Contracts
import Domain
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Beside the maintenance service", .installation(), .serialized, .timeLimit(.minutes(5)))
struct MaintainedTests {
  private func maintained<R: Sendable>(_ pabean: Installation, _ body: () async throws -> R) async throws -> R {
    var environment = pabean.environment(of: "maintenance")
    environment["PABEAN_DRAIN_TIMEOUT"] = "5s"
    let service = try RunningProcess(
      Installation.program("pabean"), ["maintain"], environment: environment,
      logFile: "\(pabean.folder)/maintenance.log")
    let result: Result<R, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    #expect(await service.stop() == 0, "\(service.log)")
    return try result.get()
  }

  @Test("what a killed worker had committed and not sent arrives without anybody's help")
  func stray() async throws {
    let pabean = try Installation.required()
    let once = OnceEach(pabean, prefix: "STRAY-", isSweeping: false)
    try await maintained(pabean) {
      _ = await pabean.workers.stop(.complianceScreening)
      let doomed = try pabean.workers.start(.complianceScreening, settings: ["PABEAN_FAULT": "after-commit:1"])
      try await pabean.publish((1...10).map { SampleProducts.cotton(sku: "STRAY-\($0)") })
      #expect(await doomed.waitForEnd(within: .seconds(120)) == 128 + 9)
      try pabean.workers.start(.complianceScreening)
      try await once.writtenBack(10)
      #expect(try await once.violations(10) == [])
    }
  }

  @Test("what the broker put aside for killing its worker can be seen and sent again")
  func parked() async throws {
    let pabean = try Installation.required()
    _ = await pabean.workers.stop(.classifier)
    try await pabean.publish([
      OutgoingMessage(
        exchange: "jobs", routingKey: "job.sg.classifier", properties: MessageProperties(messageID: "killer"),
        body: Array("{\"deadly\":true}".utf8))
    ])
    let admin = AMQPAdmin(endpoint: pabean.broker)
    _ = try await eventually("the broker to put it aside") { () async throws -> Bool? in
      if let delivery = try await admin.get("classifier.sg") { try await admin.requeue(delivery) }
      return try await admin.messageCount("parking.classifier") == 1 ? true : nil
    }
    try await maintained(pabean) {
      let found = try await eventually("the row") { try await pabean.parked().first }
      #expect(found.entry.stage == "classifier")
      #expect(found.entry.routingKey == "job.sg.classifier")
      #expect(!found.entry.reasonCode.isEmpty && !found.entry.reason.isEmpty)
      _ = try await eventually("the parking queue to be empty") {
        try await admin.messageCount("parking.classifier") == 0 ? true : nil
      }
    }
    await admin.close()
    try pabean.workers.start(.classifier)
  }
}

import Contracts
import Domain
import FoundationEssentials
import JSON
import Postgres
import Store
import TestSupport
import Testing
import WorkerRuntime

@Suite(
  "Outcomes reach every kind of destination once",
  .installation(settings: { pabean, stage in
    stage == .writeback
      ? ["PABEAN_WEBHOOK_ALLOW": "127.0.0.0/8", "PABEAN_FILE_DROP": "\(pabean.folder)/drop"] : [:]
  }), .timeLimit(.minutes(5)))
struct DestinationTests {
  let pabean: Installation

  init() throws { pabean = try Installation.required() }

  private func webhook(_ erp: FakeERP, dryRun: Bool = false) -> Destination {
    Destination(
      name: "hook", kind: .webhook, config: ["url": .string(erp.url)], secrets: [FakeERP.secret], isDryRun: dryRun)
  }

  private func publish(_ skus: [String], as tenant: TenantID) async throws {
    try await pabean.publish(skus.map { SampleProducts.cotton(sku: $0) }, as: tenant)
  }

  /// A cut takes every connection with it, and so an attempt of each: beside one, nothing else may fail, or a delivery needs
  /// a third attempt, which is minutes later.
  @Test(
    "a webhook that executes and breaks off, or fails first, sees each effect exactly once",
    arguments: [("flaky", isCut: false), ("cut", isCut: true)])
  func unreliable(slug: String, isCut: Bool) async throws {
    let erp = try FakeERP { call in
      guard call.attempt == 1, let sku = call.body["data"]?["sku"]?.stringValue else { return .accept }
      if isCut { return sku.hasSuffix("-2") ? .executeAndCut : .accept }
      switch sku.last {
      case "1", "5", "9": return .answer(500)
      case "3", "7": return .executeAndAnswer(503)
      default: return .accept
      }
    }
    let tenant = try await pabean.addTenant(slug, [webhook(erp)])
    let skus = (1...12).map { "\(slug.uppercased())-\($0)" }
    try await publish(skus, as: tenant)
    for sku in skus { _ = try await pabean.cases(of: sku, reach: [.writtenBack], tenant: tenant) }
    #expect(erp.executions.count == skus.count)
    #expect(Set(erp.executions.values) == [1])
    #expect(Set(erp.calls.map(\.isSigned)) == [true])
    #expect(Set(erp.calls.map { String($0.id.prefix(4)) }) == ["msg_"])
    #expect(Set(erp.calls.map(\.attempt)).isSuperset(of: [1, 2]))
    let bySKU = Dictionary(grouping: erp.calls) { $0.body["data"]?["sku"]?.stringValue ?? "" }
    for sku in skus {
      let calls = bySKU[sku] ?? []
      #expect(Set(calls.map(\.id)).count == 1, "the same id on every attempt")
      #expect(Set(calls.map(\.body)).count == 1, "the same bytes on every attempt")
    }
    for sku in skus {
      let seen = try #require(try await pabean.cases(of: sku, tenant: tenant).first)
      let delivery = try #require(try await pabean.deliveries(of: seen.id.value).first)
      #expect(delivery.state == .delivered)
      // The HTTP client repeats by itself what a kept-alive connection broke off; it is still one attempt. A cut takes
      // every connection with it, so each may also have cost an attempt that the receiver had not read yet.
      #expect(delivery.attempts <= (bySKU[sku]?.count ?? 0) + erp.cuts)
    }
    await erp.close()
  }

  @Test("a receiver that answers 410 is left alone from then on")
  func gone() async throws {
    let erp = try FakeERP { _ in .answer(410) }
    let tenant = try await pabean.addTenant("gone", [webhook(erp)])
    try await publish(["GONE-1"], as: tenant)
    let seen = try #require(try await pabean.cases(of: "GONE-1", reach: [.undeliverable], tenant: tenant).first)
    #expect(try await pabean.deliveries(of: seen.id.value).map(\.state) == [.dead])
    let disabled = try await pabean.count(
      "SELECT count(*) FROM destination WHERE tenant = 'gone' AND disabled_at IS NOT NULL AND disabled_reason <> ''")
    #expect(disabled == 1)
    try await publish(["GONE-2"], as: tenant)
    _ = try await pabean.cases(of: "GONE-2", reach: [.writtenBack], tenant: tenant)
    #expect(erp.calls.count == 1)
    await erp.close()
  }

  @Test("a receiver's 409 makes a conflict for a person")
  func receiverConflict() async throws {
    let erp = try FakeERP { _ in .answer(409) }
    let tenant = try await pabean.addTenant("clash", [webhook(erp)])
    try await publish(["CLASH-1"], as: tenant)
    let seen = try #require(try await pabean.cases(of: "CLASH-1", reach: [.conflicted], tenant: tenant).first)
    #expect(try await pabean.deliveries(of: seen.id.value).map(\.lastStatus) == [409])
    #expect(try await pabean.audit(of: seen.id.value).last == "case.conflict-detected")
    #expect(erp.calls.count == 1)
    await erp.close()
  }

  @Test("a code that the ERP got from elsewhere is never overwritten")
  func foreignValue() async throws {
    let erp = try FakeERP { _ in .accept }
    let tenant = try await pabean.addTenant("edited", [webhook(erp)])
    try await report("61099090", of: "EDITED-1", tenant)
    try await publish(["EDITED-1"], as: tenant)
    _ = try await pabean.cases(of: "EDITED-1", reach: [.conflicted], tenant: tenant)
    #expect(erp.calls.isEmpty)
    // Written by us, then changed there: a correction finds the change.
    try await publish(["EDITED-2"], as: tenant)
    let seen = try #require(try await pabean.cases(of: "EDITED-2", reach: [.writtenBack], tenant: tenant).first)
    try await report("42021290", of: "EDITED-2", tenant)
    try await TestReviewer(pabean, tenant: tenant).decide(
      seen.id, .override(ReviewTests.other, reason: "it is a switch"))
    _ = try await pabean.cases(of: "EDITED-2", reach: [.conflicted], tenant: tenant)
    #expect(erp.calls.count == 1)
    await erp.close()
  }

  private func report(_ code: String, of sku: String, _ tenant: TenantID) async throws {
    try await pabean.change(tenant: tenant) { tx in
      try ERPValues.report(sku: sku, market: Market("SG")!, code: HSCode(code), at: SystemClock.now(), tx)
    }
  }

  @Test("a tenant whose queue is missing on the broker waits, and holds up nobody else")
  func missingExchange() async throws {
    let queue = Destination(name: "queue", kind: .amqp, config: [:], secrets: [], isDryRun: false)
    let tenant = try await pabean.addTenant("queueless", [queue])
    let others = (1...20).map { "BESIDE-QUEUELESS-\($0)" }
    try await publish((1...5).map { "QUEUELESS-\($0)" }, as: tenant)
    try await publish(others, as: Installation.tenant)
    for sku in others { _ = try await pabean.cases(of: sku, reach: [.writtenBack]) }
    let seen = try #require(try await pabean.cases(of: "QUEUELESS-1", reach: [.documented], tenant: tenant).first)
    let delivery = try await eventually("an attempt") {
      try await pabean.deliveries(of: seen.id.value).first { $0.attempts > 0 }
    }
    #expect(delivery.state == .pending)
    #expect(delivery.lastError?.isEmpty == false)
    #expect(pabean.workers.ended == [])
  }

  @Test("a dry run sends nothing and keeps what would have been sent")
  func dryRun() async throws {
    let erp = try FakeERP { _ in .accept }
    let tenant = try await pabean.addTenant("trying", [webhook(erp, dryRun: true)])
    try await publish(["DRY-1"], as: tenant)
    let seen = try #require(try await pabean.cases(of: "DRY-1", reach: [.writtenBack], tenant: tenant).first)
    let delivery = try #require(try await pabean.deliveries(of: seen.id.value).first)
    #expect(delivery.state == .dryRun)
    #expect(try JSONParser.parse(delivery.payload)["data"]?["sku"] == "DRY-1")
    #expect(erp.calls.isEmpty)
    await erp.close()
  }

  @Test("a folder gets whole files, in either format", arguments: ["csv", "jsonl"])
  func files(format: String) async throws {
    let destination = Destination(
      name: "Old ERP", kind: .file, config: ["format": .string(format)], secrets: [], isDryRun: false)
    let tenant = try await pabean.addTenant("files-\(format)", [destination])
    let skus = (1...3).map { "FILE-\(format)-\($0)" }
    try await publish(skus, as: tenant)
    for sku in skus { _ = try await pabean.cases(of: sku, reach: [.writtenBack], tenant: tenant) }
    let folder = "\(pabean.folder)/drop/files-\(format)/Old_ERP"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.allSatisfy { $0.hasSuffix(".\(format)") && !$0.hasPrefix(".") }, "\(names)")
    let text = try names.map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }.joined()
    for sku in skus { #expect(text.components(separatedBy: sku).count == 2, "\(sku) once") }
    if format == "jsonl" {
      for line in text.split(separator: "\n") {
        #expect(try JSONParser.parse(Array(line.utf8))["type"] == "pabean.case.outcome.v1")
      }
    } else {
      #expect(text.hasPrefix("type,reference,line,sku"))
    }
  }
}

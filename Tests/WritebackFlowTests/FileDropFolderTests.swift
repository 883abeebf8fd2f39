import Domain
import FoundationEssentials
import JSON
import Store
import Testing
import WritebackEngine

@testable import WritebackWorker

@Suite("The drop folder") struct FileDropFolderTests {
  @Test("gets a batch as one whole file under its last name, however often it is dropped")
  func whole() throws {
    let path = "/tmp/pabean-drop-\(UInt64.random(in: .min ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let lines = (1...2000).map { number in
      OutcomePayload.shipmentSettled(
        ShipmentOutcome(
          reference: "ORDER-\(number)", market: Scene.market, state: .documented, at: Instant(microseconds: 0),
          sequence: 1, lines: [], documents: [])
      ).bytes
    }
    let destination = Destination(name: "Old/ERP", kind: .file, config: [:], secrets: [], isDryRun: false)
    for _ in 1...2 { try FileDropFolder(path: path).write(lines, for: Scene.acme, destination) }
    let folder = "\(path)/acme/Old_ERP"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 1 && names[0].hasSuffix(".jsonl"))
    let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(names[0])"))
    #expect(Array(bytes) == lines.flatMap { $0 + [UInt8(ascii: "\n")] })
  }
}

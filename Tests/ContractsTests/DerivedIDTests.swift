import Contracts
import Domain
import Testing

@Suite("Ids that follow from what they name")
struct DerivedIDTests {
  private static let cause = MessageID("b1946ac9-2492-8234-8f6e-35f1d2a2f9c1")!
  private static let tenant = TenantID("acme")!

  @Test("are the same for ever, for they are how a repetition is recognised")
  func pinned() {
    let revision = DerivedID.productRevision(Self.tenant, .live, sku: "TEE-1", number: 1)
    let caseID = DerivedID.customsCase(revision, Market("SG")!)
    let ids = [
      revision.description, caseID.description, DerivedID.decision(caseID, sequence: 1).description,
      DerivedID.message(causedBy: Self.cause, .caseOpened, caseID.description).description,
      DerivedID.message(.caseDecided, caseID.description, ordinal: 2).description,
      DerivedID.shipment(Self.tenant, .live, reference: "ORDER-1").description,
      DerivedID.document(caseID.description, kind: "decision-record", sequence: 1).description,
      DerivedID.submission(causedBy: Self.cause).description,
      DerivedID.delivery(caseID.value, destination: "queue", sequence: 1001).description,
    ]
    #expect(
      ids == [
        "df7ace23-45c1-8386-b416-12426dfdeae2", "e1cc73ba-2c91-8565-bfc4-16bb93ad279b",
        "953fb82b-b2e2-8013-81e2-da03f36ee442", "dba33a3d-aba5-8c40-91d7-b84049899923",
        "271625f7-8b50-84a5-9850-66a59d1b5168", "36ebc134-b522-86c4-8a60-bbab6430fe10",
        "783f88aa-04d4-8912-b663-3d93d5167b89", "54412928-aad1-854a-8097-8c4682cf1131",
        "7b550dcd-041a-87e3-86f4-9a3d9b31bb5d",
      ])
  }

  @Test("differ in whatever they are made of")
  func distinct() {
    var revisions: Set<ProductRevisionID> = []
    for tenant in ["acme", "other"] {
      for environment in [Environment.live, .sandbox] {
        for sku in ["A", "B", "A1"] {
          for number in [Int64(1), 2, 11] {
            let id = DerivedID.productRevision(TenantID(tenant)!, environment, sku: sku, number: number)
            #expect(revisions.insert(id).inserted)
          }
        }
      }
    }
    #expect(revisions.count == 36)
    let base = DerivedID.delivery(Self.cause.value, destination: "b", sequence: 1)
    #expect(base != DerivedID.delivery(Self.cause.value, destination: "c", sequence: 1))
    #expect(base != DerivedID.delivery(Self.cause.value, destination: "b", sequence: 2))
  }
}

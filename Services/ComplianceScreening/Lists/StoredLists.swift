import ComplianceScreeningEngine
import Domain
import JSON
import Postgres
import Store

extension PartyListStore.Stored {
  public init(_ list: PartyList) {
    self.init(
      list: list.id, version: list.version, source: list.source, ageMaxDays: list.ageMaxDays, content: list.content)
  }

  public func partyList() throws -> PartyList {
    do throws(JSONError) {
      return try PartyList(id: list, version: version, source: source, ageMaxDays: ageMaxDays, content: content)
    } catch {
      throw StoreError.unreadable(type: "party list \(list)@\(version)", reason: error.description)
    }
  }
}

extension PartyClearances {
  init(_ clearances: [ClearedParties.Clearance]) {
    let pairs = clearances.map { clearance in
      (
        PartyClearances.Key(
          list: clearance.list, entry: clearance.entry, entryHash: clearance.entryHash, nameKey: clearance.nameKey),
        clearance.expiresAt
      )
    }
    self.init(Dictionary(pairs) { first, _ in first })
  }
}

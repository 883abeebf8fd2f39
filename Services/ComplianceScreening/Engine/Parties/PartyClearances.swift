import Crypto
import Domain
import JSON
import Names

/// Hits that a person has judged already: this name is not that entry.
public struct PartyClearances: Sendable {
  public struct Key: Hashable, Sendable {
    public var list: String
    public var entry: String
    /// Of the entry as it stood when the person looked: what the list changes is judged again.
    public var entryHash: [UInt8]
    public var nameKey: String

    public init(list: String, entry: String, entryHash: [UInt8], nameKey: String) {
      self.list = list
      self.entry = entry
      self.entryHash = entryHash
      self.nameKey = nameKey
    }

    public init(_ name: String, isNot entry: ListedParty, on list: String) {
      self.init(list: list, entry: entry.id, entryHash: entry.contentHash, nameKey: Name(name).key)
    }
  }

  public static let none = PartyClearances([:])

  private let expiries: [Key: Instant]

  public init(_ expiries: [Key: Instant]) { self.expiries = expiries }

  public var isEmpty: Bool { expiries.isEmpty }

  /// The day until which it holds; nil where nobody judged, or too long ago.
  func expiry(_ name: String, _ hit: PartyScreen.Hit, on date: CalendarDate) -> CalendarDate? {
    guard !expiries.isEmpty, let expiry = expiries[Key(name, isNot: hit.entry, on: hit.list.id)]?.date else {
      return nil
    }
    return expiry >= date ? expiry : nil
  }
}

extension ListedParty {
  public var contentHash: [UInt8] { SHA256.hash(String(decoding: json.canonicalBytes, as: UTF8.self)).bytes }
}

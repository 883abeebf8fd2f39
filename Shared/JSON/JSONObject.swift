/// Members in the order written. Objects here are small, so look-up is a scan and costs no hashing.
public struct JSONObject: Sendable {
  public struct Member: Hashable, Sendable {
    public var key: String
    public var value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  public private(set) var members: [Member]

  public init() { members = [] }

  public init(_ pairs: [(String, JSONValue)]) {
    members = pairs.map { Member(key: $0.0, value: $0.1) }
  }

  init(uniqueMembers: [Member]) { members = uniqueMembers }

  public var keys: [String] { members.map(\.key) }
  public var isEmpty: Bool { members.isEmpty }

  public subscript(key: String) -> JSONValue? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Leaves the member out when there is no value, so that absent facts do not appear as null.
  public mutating func set(_ key: String, _ value: JSONValue?) {
    if let value { self[key] = value }
  }
}

extension JSONObject: Hashable {
  private var sorted: [Member] { members.sorted { $0.key < $1.key } }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members == right.members || left.sorted == right.sorted
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(sorted) }
}

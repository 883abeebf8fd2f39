import JSON
import Postgres

/// A value kept in a `json` column, which stores the text as given: the bytes that were hashed are the bytes that are read.
enum StoredJSON {
  static func encode(_ value: JSONValue) -> String { String(decoding: value.canonicalBytes, as: UTF8.self) }

  static func decode<T: JSONCodable>(_ type: T.Type, _ text: JSONText) throws -> T {
    do throws(JSONError) {
      return try T(json: JSONCursor(try JSONParser.parse(text.bytes)))
    } catch {
      throw StoreError.unreadable(type: "\(T.self)", reason: error.description)
    }
  }

  static func value(_ text: JSONText) throws -> JSONValue {
    do throws(JSONError) {
      return try JSONParser.parse(text.bytes)
    } catch {
      throw StoreError.unreadable(type: "JSON", reason: error.description)
    }
  }
}

public enum StoreError: Error, Sendable, CustomStringConvertible {
  /// What is stored cannot be read by this version of the program.
  case unreadable(type: String, reason: String)
  case schemaVersion(found: Int64, required: Int64)
  case migrationChanged(version: Int64, name: String)

  public var description: String {
    switch self {
    case .unreadable(let type, let reason): "a stored \(type) cannot be read: \(reason)"
    case .schemaVersion(let found, let required):
      "the database has schema version \(found) and this program needs \(required): run `pabean migrate`"
    case .migrationChanged(let version, let name):
      "migration \(version) (\(name)) differs from what was applied: migrations are never edited; add a new one"
    }
  }
}

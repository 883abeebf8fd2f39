import Domain
import JSON
import Postgres
import Store

/// What is done to a tenant's people, each with its entry in the audit log.
struct PersonRegister {
  static let linkLifetime = Duration.seconds(72 * 3600)

  let tenant: TenantID
  let actor: Actor
  let now: Instant

  /// - Returns: the token of the link with which the person chooses a password.
  func add(_ person: People.Person, _ tx: borrowing Transaction) throws -> String {
    guard try People.add(person, at: now, tx) else {
      throw Failure(
        "somebody has the address \(person.email)", remedy: "'pabean person list' shows this tenant's people")
    }
    try audit("person.added", person, data(person), tx)
    return try People.invite(person.id, until: now.adding(PersonRegister.linkLifetime), at: now, tx)
  }

  func change(_ person: People.Person, _ tx: borrowing Transaction) throws {
    try People.change(person, tx)
    try audit("person.changed", person, data(person), tx)
  }

  func disable(_ email: String, _ tx: borrowing Transaction) throws -> People.Person {
    let person = try find(email, tx).person
    try People.disable(person.id, at: now, tx)
    try audit("person.disabled", person, JSONObject(), tx)
    return person
  }

  /// Lets the person in again, whether they were disabled or locked out.
  func enable(_ email: String, _ tx: borrowing Transaction) throws -> People.Person {
    let person = try find(email, tx).person
    try People.enable(person.id, tx)
    try audit("person.enabled", person, JSONObject(), tx)
    return person
  }

  /// The next sign-in by the provider binds the person anew.
  func unbind(_ email: String, _ tx: borrowing Transaction) throws -> People.Person {
    let person = try find(email, tx).person
    let count = try PersonIdentities.release(person.id, tx)
    guard count > 0 else {
      throw Failure("\(person.email) is bound to no account of a provider", remedy: "there is nothing to undo")
    }
    try People.endSessions(of: person.id, at: now, tx)
    try audit("person.unbound", person, JSONObject([("accounts", .integer(Int64(count)))]), tx)
    return person
  }

  /// Takes the password away and ends the sessions.
  func reset(_ email: String, _ tx: borrowing Transaction) throws -> (person: People.Person, token: String) {
    let found = try find(email, tx)
    guard !found.isDisabled else {
      throw Failure("\(email) is disabled", remedy: "pabean person enable \(email)")
    }
    let person = found.person
    try People.setPassword(nil, of: person.id, tx)
    try People.endSessions(of: person.id, at: now, tx)
    try audit("person.password-reset", person, JSONObject(), tx)
    return (person, try People.invite(person.id, until: now.adding(PersonRegister.linkLifetime), at: now, tx))
  }

  func find(_ email: String, _ tx: borrowing Transaction) throws -> People.Listed {
    guard let found = try People.find(email: email, tx) else {
      let near = Spelling.nearest(to: email.lowercased(), among: try People.list(tx).map(\.person.email))
      throw Failure(
        "\(tenant) has nobody with the address \(email)",
        remedy: near.map { "did you mean \($0)?" } ?? "'pabean person list' shows all")
    }
    return found
  }

  private func data(_ person: People.Person) -> JSONObject {
    JSONObject([
      ("email", .string(person.email)), ("name", .string(person.name)),
      ("roles", .strings(person.roles.map(\.rawValue))), ("markets", .strings(person.markets.map(\.code))),
      ("language", .string(person.language)),
    ])
  }

  private func audit(_ kind: String, _ person: People.Person, _ data: JSONObject, _ tx: borrowing Transaction) throws {
    let entry = AuditLog.Entry(subject: person.id, kind: kind, actor: actor, at: now, data: .object(data))
    try AuditLog.append([entry], of: tenant, tx)
  }
}

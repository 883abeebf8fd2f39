import Postgres

/// Passwords for the services' roles. Needs the rights of the database's owner.
public enum RoleLogins {
  public static func allow(_ role: String, password: String, _ tx: borrowing Transaction) throws {
    // A role and its password stand where no parameter may, so the server quotes them.
    let statement = try tx.query("SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)", role, password)
      .decode(row: 0, as: String.self)
    try tx.executeScript(statement)
  }
}

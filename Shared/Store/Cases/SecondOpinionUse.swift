import Domain
import Postgres

/// How much of a tenant's daily budget of second opinions is spent.
public enum SecondOpinionUse {
  public static func calls(on day: CalendarDate, _ tx: borrowing Transaction) throws -> Int64 {
    let rows = try tx.query(
      """
      SELECT calls FROM second_opinion_use
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment') AND day = $1::text::date
      """, day.description)
    return try rows.first(Int64.self) ?? 0
  }

  public struct Day: Hashable, Sendable {
    public var day: CalendarDate
    public var calls: Int64
    public var tokens: Int64
  }

  public static func days(from first: CalendarDate, to last: CalendarDate, _ tx: borrowing Transaction) throws -> [Day]
  {
    try tx.query(
      """
      SELECT day, calls, tokens FROM second_opinion_use
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND day BETWEEN $1::date AND $2::date ORDER BY day
      """, first.postgres, last.postgres
    ).map(PostgresDate.self, Int64.self, Int64.self) { Day(day: CalendarDate($0), calls: $1, tokens: $2) }
  }

  public static func add(calls: Int64, tokens: Int64, on day: CalendarDate, _ tx: borrowing Transaction) throws {
    guard calls > 0 else { return }
    try tx.executeLater(
      """
      INSERT INTO second_opinion_use AS u (day, calls, tokens) VALUES ($1::text::date, $2, $3)
      ON CONFLICT (tenant, environment, day)
        DO UPDATE SET calls = u.calls + excluded.calls, tokens = u.tokens + excluded.tokens
      """, day.description, calls, tokens)
  }
}

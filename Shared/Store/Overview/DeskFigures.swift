import Domain
import Postgres

/// What the desk's dashboard shows, counted by day and market: each day once when it is over, today again and again.
public enum DeskFigures {
  /// What is counted. The key of a figure says which lane, kind, step of a scale or currency.
  public enum Measure: String, Sendable, CaseIterable, TextColumn {
    /// Cases by the lane that they were routed to.
    case lane
    /// Cases that were held, by the kinds of reasons; a case counts once for each kind.
    case reason
    /// Duty and taxes of the best candidate in ten-thousandths, by what became of the case and currency: `clear SGD`.
    case duty
    /// Classifications by whether the description was too `vague` or `clear` enough.
    case description
    /// Classifications by tenths of the confidence of the best candidate, with the sum in millionths.
    case confidence
    /// Decisions of people by kind.
    case decision
    /// Decisions of people on a code by the chapter proposed, with how many put another code in its place.
    case chapter
    /// Decisions of people on a code by tenths of the confidence stated, with how many agreed with the code.
    case judged
    /// As `judged`, with the sum of the confidence in millionths.
    case stated
    /// First decisions of people by the step of the time since the case was held, and since it was taken in hand, with the
    /// sum of the seconds.
    case wait, handling
    /// What a person took back, by the kind of decision before.
    case overturned
    /// Deliveries that arrived, by the step of the time that they took.
    case delivery
  }

  public struct Figure: Hashable, Sendable {
    /// nil in a sum over days.
    public var day: CalendarDate?
    /// nil in a sum over markets.
    public var market: Market?
    public var measure: Measure
    public var key: String
    public var count: Int64
    public var total: Int64
  }

  // MARK: Reading

  /// By day, over the markets; of the measures that are shown over time.
  public static func byDay(
    from first: CalendarDate, to last: CalendarDate, market: Market?, _ tx: borrowing Transaction
  ) throws -> [Figure] {
    let measures: [Measure] = [.lane, .decision, .description, .confidence, .handling]
    let rows = try tx.query(
      """
      SELECT day, measure, key, sum(count)::bigint, sum(total)::bigint FROM desk_figure
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND day BETWEEN $1::date AND $2::date AND measure = ANY ($3) AND ($4::text IS NULL OR market = $4)
      GROUP BY day, measure, key ORDER BY day, measure, key
      """, first.postgres, last.postgres, measures.map(\.rawValue), market)
    return try rows.map(PostgresDate.self, Measure.self, String.self, Int64.self, Int64.self) {
      Figure(day: CalendarDate($0), measure: $1, key: $2, count: $3, total: $4)
    }
  }

  /// By market, over the days.
  public static func byMarket(
    from first: CalendarDate, to last: CalendarDate, market: Market?, _ tx: borrowing Transaction
  ) throws -> [Figure] {
    let rows = try tx.query(
      """
      SELECT market::text, measure, key, sum(count)::bigint, sum(total)::bigint FROM desk_figure
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND day BETWEEN $1::date AND $2::date AND ($3::text IS NULL OR market = $3)
      GROUP BY market, measure, key ORDER BY market, measure, key
      """, first.postgres, last.postgres, market)
    return try rows.map(Market.self, Measure.self, String.self, Int64.self, Int64.self) {
      Figure(market: $0, measure: $1, key: $2, count: $3, total: $4)
    }
  }

  public struct Backlog: Hashable, Sendable {
    public var count: Int64
    public var oldest: Instant?

    public init(count: Int64, oldest: Instant?) {
      self.count = count
      self.oldest = oldest
    }
  }

  /// Cases that wait for a decision now.
  public static func waiting(market: Market?, _ tx: borrowing Transaction) throws -> Backlog {
    try tx.query(
      """
      SELECT count(*), min(opened_at) FROM review_task
      WHERE ($1::text IS NULL OR market = $1) AND state IN ('awaiting-decision', 'awaiting-information')
      """, market
    ).map(Int64.self, Instant?.self) { Backlog(count: $0, oldest: $1) }.first ?? Backlog(count: 0, oldest: nil)
  }

  /// Deliveries that have not arrived, by state. Those of a market that the reader does not see are not counted; whoever
  /// sees all is not asked about each.
  public static func undelivered(market: Market?, _ tx: borrowing Transaction) throws -> [DeliveryState: Backlog] {
    let rows = try tx.query(
      """
      SELECT d.state, count(*), min(d.created_at)
      FROM (SELECT state, subject_kind, subject_id, created_at FROM delivery WHERE state = 'pending'
          AND tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        UNION ALL SELECT state, subject_kind, subject_id, created_at FROM delivery WHERE state IN ('dead', 'conflict')
          AND tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')) d
      WHERE CASE WHEN $1::text IS NULL AND coalesce(current_setting('app.markets', true), '') = '' THEN true
        WHEN d.subject_kind = 'shipment'
        THEN EXISTS (SELECT FROM shipment s WHERE s.id = d.subject_id AND ($1::text IS NULL OR s.market = $1))
        ELSE EXISTS (SELECT FROM customs_case c WHERE c.id = d.subject_id AND ($1::text IS NULL OR c.market = $1)) END
      GROUP BY d.state
      """, market)
    let pairs = try rows.map(DeliveryState.self, Int64.self, Instant?.self) { ($0, Backlog(count: $1, oldest: $2)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  // MARK: Counting

  public struct Counted: Hashable, Sendable {
    public var day: CalendarDate
    public var at: Instant
    public var milliseconds: Int64
  }

  /// The days that were counted, the latest first.
  public static func counted(since first: CalendarDate, _ tx: borrowing Transaction) throws -> [Counted] {
    let rows = try tx.query(
      """
      SELECT day, counted_at, milliseconds FROM desk_figure_day
      WHERE tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
        AND day >= $1::date ORDER BY day DESC
      """, first.postgres)
    return try rows.map(PostgresDate.self, Instant.self, Int64.self) {
      Counted(day: CalendarDate($0), at: $1, milliseconds: $2)
    }
  }

  /// Before which there is nothing to count.
  public static func firstDay(_ tx: borrowing Transaction) throws -> CalendarDate? {
    try tx.query("SELECT created_at FROM tenant WHERE tenant = current_setting('app.tenant')").first(Instant.self)?.date
  }

  /// Counts a day anew, for all markets. For a transaction that has entered the tenant and nobody in particular.
  /// - Returns: false when another is counting it.
  public static func count(_ day: CalendarDate, at now: Instant, _ tx: borrowing Transaction) throws -> Bool {
    let isFree = try tx.query(
      "SELECT pg_try_advisory_xact_lock(hashtext('desk figures ' || current_setting('app.tenant')), $1)",
      Int32(clamping: day.daysSinceEpoch)
    ).decode(row: 0, as: Bool.self)
    guard isFree else { return false }
    let (start, end) = (day.start, CalendarDate(daysSinceEpoch: day.daysSinceEpoch + 1).start)
    try tx.execute("DELETE FROM desk_figure WHERE day = $1::date", day.postgres)
    try countRouted(day, start, end, tx)
    try countClassified(day, start, end, tx)
    try countDecided(day, start, end, tx)
    try countSecondLooks(day, start, end, tx)
    try countDelivered(day, start, end, tx)
    try tx.execute("DELETE FROM desk_figure_day WHERE day = $1::date", day.postgres)
    try tx.execute(
      """
      INSERT INTO desk_figure_day (day, counted_at, milliseconds)
      SELECT $1::date, $2, (extract(epoch FROM clock_timestamp() - now()) * 1000)::bigint
      """, day.postgres, now)
    return true
  }

  /// A case is routed once; what it is screened again for later is not counted.
  private static func countRouted(
    _ day: CalendarDate, _ start: Instant, _ end: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO desk_figure (day, market, measure, key, count, total)
      WITH routed AS MATERIALIZED (
        SELECT c.market, s.routing ->> 'lane' AS lane, s.routing -> 'reasons' AS reasons,
          s.content #> '{duties,0,total}' AS landed
        FROM case_screening s JOIN customs_case c ON c.id = s.case_id
        WHERE s.at >= $2 AND s.at < $3 AND NOT EXISTS
          (SELECT FROM case_screening e WHERE e.case_id = s.case_id AND e.case_version < s.case_version))
      SELECT $1::date, market, 'lane', lane, count(*), 0 FROM routed GROUP BY market, lane
      UNION ALL
      SELECT $1::date, r.market, 'reason', k.kind, count(*), 0 FROM routed r CROSS JOIN LATERAL
        (SELECT DISTINCT e ->> 'kind' AS kind FROM json_array_elements(r.reasons) e) k
      WHERE r.lane <> 'auto' GROUP BY r.market, k.kind
      UNION ALL
      SELECT $1::date, market, 'duty',
        CASE lane WHEN 'auto' THEN 'clear ' ELSE 'held ' END || (landed ->> 'currency') AS key, count(*),
        (sum((landed ->> 'amount')::numeric) * 10000)::bigint
      FROM routed WHERE landed IS NOT NULL GROUP BY market, key
      """, day.postgres, start, end)
  }

  private static func countClassified(
    _ day: CalendarDate, _ start: Instant, _ end: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO desk_figure (day, market, measure, key, count, total)
      WITH classified AS MATERIALIZED (
        SELECT c.market, l.content ->> 'isTooVague' = 'true' AS is_vague,
          (l.content #>> '{candidates,0,confidence}')::numeric AS confidence
        FROM case_classification l JOIN customs_case c ON c.id = l.case_id WHERE l.at >= $2 AND l.at < $3)
      SELECT $1::date, market, 'description', CASE WHEN is_vague THEN 'vague' ELSE 'clear' END AS key, count(*), 0
      FROM classified GROUP BY market, key
      UNION ALL
      SELECT $1::date, market, 'confidence', least(floor(confidence * 10), 9)::int::text AS key, count(*),
        (sum(confidence) * 1000000)::bigint
      FROM classified WHERE confidence IS NOT NULL GROUP BY market, key
      """, day.postgres, start, end)
  }

  /// Of the first decision on a case it is known how long the case waited. A rejection says nothing about the code.
  private static func countDecided(
    _ day: CalendarDate, _ start: Instant, _ end: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO desk_figure (day, market, measure, key, count, total)
      WITH decided AS MATERIALIZED (
        SELECT c.market, d.sequence, d.kind, left(p.code, 2) AS chapter, p.confidence,
          least(floor(p.confidence * 10), 9)::int::text AS tenth, left(d.code, 6) = left(p.code, 6) AS agrees,
          d.decided_at - h.at AS wait, d.decided_at - t.at AS handling, b.kind AS before,
          left(d.code, 6) IS DISTINCT FROM left(b.code, 6) AS differs
        FROM decision d JOIN customs_case c ON c.id = d.case_id
        LEFT JOIN decision b ON b.id = d.supersedes
        LEFT JOIN LATERAL (SELECT content #>> '{candidates,0,code}' AS code,
            (content #>> '{candidates,0,confidence}')::numeric AS confidence
          FROM case_classification WHERE case_id = d.case_id ORDER BY case_version DESC LIMIT 1) p ON true
        LEFT JOIN LATERAL (SELECT min(at) AS at FROM case_screening
          WHERE case_id = d.case_id AND d.sequence = 1) h ON true
        LEFT JOIN LATERAL (SELECT max((content::json ->> 'at')::timestamptz) AS at FROM audit_entry
          WHERE subject_id = d.case_id AND d.sequence = 1 AND content LIKE '%"kind":"case.claimed"%'
            AND content::json ->> 'kind' = 'case.claimed' AND content::json ->> 'actor' = d.decided_by) t ON true
        WHERE d.kind <> 'auto-cleared' AND d.decided_at >= $2 AND d.decided_at < $3
          AND d.tenant = current_setting('app.tenant') AND d.environment = current_setting('app.environment'))
      SELECT $1::date, market, 'decision', kind, count(*), 0 FROM decided GROUP BY market, kind
      UNION ALL
      SELECT $1::date, market, 'chapter', chapter, count(*), count(*) FILTER (WHERE NOT agrees) FROM decided
      WHERE chapter IS NOT NULL AND kind <> 'rejected' GROUP BY market, chapter
      UNION ALL
      SELECT $1::date, market, 'judged', tenth, count(*), count(*) FILTER (WHERE agrees) FROM decided
      WHERE tenth IS NOT NULL AND kind <> 'rejected' GROUP BY market, tenth
      UNION ALL
      SELECT $1::date, market, 'stated', tenth, count(*), (sum(confidence) * 1000000)::bigint FROM decided
      WHERE tenth IS NOT NULL AND kind <> 'rejected' GROUP BY market, tenth
      UNION ALL
      SELECT $1::date, market, 'overturned', before, count(*), 0 FROM decided
      WHERE before IS NOT NULL AND differs GROUP BY market, before
      UNION ALL
      SELECT $1::date, market, t.measure, floor(4 * log(2, greatest(extract(epoch FROM t.time), 1)))::int::text AS key,
        count(*), sum(greatest(extract(epoch FROM t.time), 0))::bigint
      FROM decided CROSS JOIN LATERAL (VALUES ('wait', wait), ('handling', handling)) AS t (measure, time)
      WHERE t.time IS NOT NULL GROUP BY market, t.measure, key
      """, day.postgres, start, end)
  }

  /// What cleared by itself is judged by nobody but those who take a second look, or make it a gold case: by the one who came
  /// first. Added to what people decided.
  private static func countSecondLooks(
    _ day: CalendarDate, _ start: Instant, _ end: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO desk_figure AS f (day, market, measure, key, count, total)
      WITH judged AS MATERIALIZED (
        SELECT q.market, p.confidence, least(floor(p.confidence * 10), 9)::int::text AS tenth,
          left(q.code, 6) = left(p.code, 6) AS agrees
        FROM (
          SELECT case_id, market, code FROM quality_check q
          WHERE is_automatic AND code IS NOT NULL AND checked_at >= $2 AND checked_at < $3
            AND tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
            AND NOT EXISTS (SELECT FROM gold_case g WHERE g.case_id = q.case_id AND g.marked_at < q.checked_at)
          UNION ALL
          SELECT case_id, market, code FROM gold_case g
          WHERE code IS NOT NULL AND marked_at >= $2 AND marked_at < $3
            AND tenant = current_setting('app.tenant') AND environment = current_setting('app.environment')
            AND NOT EXISTS (SELECT FROM decision WHERE case_id = g.case_id AND kind <> 'auto-cleared')
            AND NOT EXISTS (SELECT FROM quality_check q WHERE q.case_id = g.case_id AND q.checked_at <= g.marked_at)) q
        CROSS JOIN LATERAL (SELECT content #>> '{candidates,0,code}' AS code,
            (content #>> '{candidates,0,confidence}')::numeric AS confidence
          FROM case_classification WHERE case_id = q.case_id ORDER BY case_version DESC LIMIT 1) p)
      SELECT $1::date, market, 'judged', tenth, count(*), count(*) FILTER (WHERE agrees)
      FROM judged WHERE tenth IS NOT NULL GROUP BY market, tenth
      UNION ALL
      SELECT $1::date, market, 'stated', tenth, count(*), (sum(confidence) * 1000000)::bigint
      FROM judged WHERE tenth IS NOT NULL GROUP BY market, tenth
      ON CONFLICT (tenant, environment, day, measure, market, key)
        DO UPDATE SET count = f.count + excluded.count, total = f.total + excluded.total
      """, day.postgres, start, end)
  }

  private static func countDelivered(
    _ day: CalendarDate, _ start: Instant, _ end: Instant, _ tx: borrowing Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO desk_figure (day, market, measure, key, count, total)
      SELECT $1::date, coalesce(c.market, s.market), 'delivery',
        floor(4 * log(2, greatest(extract(epoch FROM d.delivered_at - d.created_at), 1)))::int::text AS key, count(*), 0
      FROM delivery d LEFT JOIN customs_case c ON c.id = d.subject_id LEFT JOIN shipment s ON s.id = d.subject_id
      WHERE d.state = 'delivered' AND d.delivered_at >= $2 AND d.delivered_at < $3
        AND coalesce(c.market, s.market) IS NOT NULL
      GROUP BY coalesce(c.market, s.market), key
      """, day.postgres, start, end)
  }
}

extension CalendarDate {
  init(_ date: PostgresDate) { self.init(daysSinceEpoch: Int64(date.daysSinceUnixEpoch)) }
  var postgres: PostgresDate { PostgresDate(daysSinceUnixEpoch: Int32(clamping: daysSinceEpoch)) }
  fileprivate var start: Instant { Instant(microseconds: daysSinceEpoch * 86_400_000_000) }
}

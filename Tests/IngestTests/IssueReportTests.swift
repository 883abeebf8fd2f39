import Domain
import IngestEngine
import Testing

@Suite struct IssueReportTests {
  @Test func `a report of issues has one row for each`() throws {
    var report = IssueReport()
    report.append(
      line: 7, sku: "=A1",
      [
        ValidationIssue(
          field: "/origin", kind: .invalid, problem: "'X' is unknown.", remedy: "Send a code, such as CN.")
      ])
    #expect(
      String(decoding: report.bytes, as: UTF8.self) == """
        line,sku,field,kind,problem,remedy\r
        7,"'=A1",/origin,invalid,'X' is unknown.,"Send a code, such as CN."\r

        """)
  }
}

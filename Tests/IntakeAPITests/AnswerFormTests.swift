import Testing

@testable import IngestWorker

@Suite("The form of answers")
struct AnswerFormTests {
  @Test(
    "a table is reported as the caller prefers",
    arguments: [
      (nil, TableReport.Form.json), ("*/*", .json), ("text/csv", .table), ("application/json, text/csv", .json),
      ("text/csv; q=1, application/json", .table), ("TEXT/CSV", .table), ("text/html", .json),
    ] as [(String?, TableReport.Form)])
  func tableForm(_ accept: String?, _ form: TableReport.Form) {
    #expect(TableReport.Form(accept: accept) == form)
  }

  @Test("a document's name cannot break out of its header")
  func disposition() {
    #expect(
      DocumentEndpoint.disposition("decision 1.pdf")
        == "attachment; filename=\"decision 1.pdf\"; filename*=UTF-8''decision%201.pdf")
    #expect(
      DocumentEndpoint.disposition("a\"\r\nx: y;ไ")
        == "attachment; filename=\"a___x_ y__\"; filename*=UTF-8''a%22%0D%0Ax%3A%20y%3B%E0%B9%84")
  }
}

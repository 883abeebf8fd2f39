/// What every page carries around its body: watermark, running head from the second page on, foot with page x of y.
struct PageFrame {
  private let watermarks: [TextLayout]
  private let runningTitle: TextLayout
  private let issuer: TextLayout
  private let number: TextLayout
  private let inputHash: TextLayout
  private let pageNumbers: [TextLayout]

  init(_ document: PrintedDocument, pageCount: Int, _ typesetter: consuming Typesetter) throws(DocumentError) {
    var watermarks: [TextLayout] = []
    for text in document.watermarks { watermarks.append(try typesetter.layout(PrintedText(label: text, .watermark))) }
    self.watermarks = watermarks
    let input = document.input
    let title = "\(document.title) \(input.documentNumber)"
    runningTitle = try typesetter.layout(PrintedText(title, .runningHead, field: "documentNumber"))
    issuer = try typesetter.layout(PrintedText(input.tenantName, .runningHead, field: "tenantName"))
    number = try typesetter.layout(PrintedText(input.documentNumber, .footer, field: "documentNumber"))
    inputHash = try typesetter.layout(PrintedText(label: "input sha256 \(document.inputHash)", .footer))
    var pageNumbers: [TextLayout] = []
    for page in 1...max(1, pageCount) {
      pageNumbers.append(try typesetter.layout(PrintedText(label: "Page \(page) of \(pageCount)", .footer)))
    }
    self.pageNumbers = pageNumbers
    let half = (SheetComposer.right - SheetComposer.left) / 2 - 10
    for layout in [runningTitle, issuer, number] { layout.cut(to: half) }
  }

  func draw(on canvas: borrowing Canvas, page: Int) {
    drawWatermarks(on: canvas)
    if page > 0 { drawRunningHead(on: canvas) }
    drawFoot(on: canvas, pageNumbers[page])
  }

  private func drawWatermarks(on canvas: borrowing Canvas) {
    canvas.turned(aroundX: Canvas.width / 2, y: Canvas.height / 2, by: -0.95) { canvas in
      var y = -watermarks.reduce(0) { $0 + $1.height } / 2
      for watermark in watermarks {
        watermark.draw(on: canvas, x: -watermark.width / 2, y: y)
        y += watermark.height
      }
    }
  }

  private func drawRunningHead(on canvas: borrowing Canvas) {
    runningTitle.draw(on: canvas, x: SheetComposer.left, y: 32)
    issuer.draw(on: canvas, x: SheetComposer.right - issuer.width, y: 32)
    canvas.rule(from: SheetComposer.left, to: SheetComposer.right, y: 47, width: 0.5, .rule)
  }

  private func drawFoot(on canvas: borrowing Canvas, _ pageNumber: TextLayout) {
    let top = Canvas.height - 42
    canvas.rule(from: SheetComposer.left, to: SheetComposer.right, y: top - 5, width: 0.5, .rule)
    number.draw(on: canvas, x: SheetComposer.left, y: top)
    pageNumber.draw(on: canvas, x: SheetComposer.right - pageNumber.width, y: top)
    inputHash.draw(on: canvas, x: SheetComposer.left, y: top + number.height)
  }
}

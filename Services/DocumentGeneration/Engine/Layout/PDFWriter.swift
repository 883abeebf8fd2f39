import Domain

/// Writes a document as PDF: composes its strips, flows them over pages, draws each page between its head and foot.
enum PDFWriter {
  private static let bodyTop = 58.0
  private static let bodyBottom = Canvas.height - 56
  private static var capacity: Double { bodyBottom - bodyTop }

  static func write(_ document: PrintedDocument) throws(DocumentError) -> [UInt8] {
    try FontMap.withShared { fonts throws(DocumentError) in try write(document, fonts) }
  }

  private static func write(_ document: PrintedDocument, _ fonts: borrowing FontMap) throws(DocumentError) -> [UInt8] {
    let blocks = try SheetComposer(document, Typesetter(fonts)).blocks()
    for block in blocks where block.height + (block.repeatedHead?.height ?? 0) > capacity {
      throw DocumentError.tallerThanPage(field: block.field)
    }
    let strips = blocks.map {
      Pagination.Strip(height: $0.height, headHeight: $0.repeatedHead?.height, keepsWithNext: $0.keepsWithNext)
    }
    let pages = Pagination.pages(strips, capacity: capacity)
    let frame = try PageFrame(document, pageCount: pages.count, Typesetter(fonts))
    let canvas = Canvas()
    canvas.setMetadata(
      title: "\(document.title) \(document.input.documentNumber)", author: document.input.tenantName,
      subject: "Shipment \(document.input.shipment.reference)", createdAt: document.input.issuedAt)
    for (index, page) in pages.enumerated() {
      frame.draw(on: canvas, page: index)
      for placed in page { draw(blocks[placed.index], placed, on: canvas) }
      canvas.endPage()
    }
    return try canvas.finish(createdAt: document.input.issuedAt)
  }

  private static func draw(_ block: Block, _ placed: Pagination.Placed, on canvas: borrowing Canvas) {
    if let headTop = placed.headTop { block.repeatedHead?.draw(canvas, bodyTop + headTop) }
    block.draw(canvas, bodyTop + placed.top)
  }
}

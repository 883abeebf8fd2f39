/// The documents of one shipment.
public enum DocumentSet {
  /// Raised when what is printed changes, so that a stored document is never confused with one made by other rules.
  public static let formatVersion: Int64 = 1

  /// Commercial invoice and packing list, each as PDF and as JSON with the same content: all of them, or none.
  public static func generate(_ input: ShipmentDocumentInput) throws(DocumentError) -> [GeneratedDocument] {
    let figures = try ShipmentFigures(input)
    let inputHash = input.hash
    var documents: [GeneratedDocument] = []
    for kind in GeneratedDocument.Kind.allCases {
      let printed = PrintedDocument(kind: kind, input: input, figures: figures, inputHash: inputHash)
      let pdf = try PDFWriter.write(printed)
      let json = DocumentJSON(kind: kind, input: input, figures: figures, inputHash: inputHash).bytes
      documents.append(GeneratedDocument(kind: kind, format: .pdf, number: input.documentNumber, bytes: pdf))
      documents.append(GeneratedDocument(kind: kind, format: .json, number: input.documentNumber, bytes: json))
    }
    return documents
  }
}

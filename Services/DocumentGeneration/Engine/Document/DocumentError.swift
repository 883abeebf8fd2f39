/// Why no document was made: the field to correct, and what is wrong with it.
public enum DocumentError: Error, Hashable, Sendable {
  case missing(field: String)
  case invalid(field: String, problem: String)
  /// No installed font has a glyph; `script` is the ISO 15924 code, such as `Khmr`.
  case unknownGlyph(field: String, text: String, script: String)
  /// A character that a reader cannot see but that changes what they read, such as U+202E.
  case invisibleCharacter(field: String, text: String, codePoint: String)
  case tallerThanPage(field: String)
  case rendering(reason: String)

  /// The path of the field in the input; nil when no field is at fault.
  public var field: String? {
    switch self {
    case .missing(let field), .invalid(let field, _), .unknownGlyph(let field, _, _),
      .invisibleCharacter(let field, _, _), .tallerThanPage(let field):
      field
    case .rendering: nil
    }
  }
}

extension DocumentError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let field): "\(field): is missing; a document cannot be made without it"
    case .invalid(let field, let problem): "\(field): \(problem)"
    case .unknownGlyph(let field, let text, let script):
      "\(field): no font can print \"\(text)\" (script \(script)); correct the text or install a font for the script"
    case .invisibleCharacter(let field, let text, let codePoint):
      "\(field): \"\(text)\" holds the control character \(codePoint); remove it"
    case .tallerThanPage(let field): "\(field): the text does not fit on one page; shorten it"
    case .rendering(let reason): "the PDF could not be written: \(reason)"
    }
  }
}

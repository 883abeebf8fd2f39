import CPango

/// Shapes text with Pango. One serves a whole document.
struct Typesetter: ~Copyable {
  private let context: OpaquePointer
  private let attributes: OpaquePointer
  private let tabularAttributes: OpaquePointer

  /// One family per script, named: left to itself, fontconfig takes Lao from a font that cannot shape it.
  static let families = [
    "Noto Sans", "Noto Sans Thai", "Noto Sans Lao", "Noto Sans Khmer", "Noto Sans Myanmar", "Noto Sans Tamil",
    "Noto Sans CJK SC", "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Sans Devanagari", "Noto Sans Symbols",
  ].joined(separator: ",")

  init(_ fonts: borrowing FontMap) {
    guard let context = pango_font_map_create_context(fonts.map),
      let options = cairo_font_options_create()
    else { fatalError("Pango and Cairo abort when memory is exhausted; they return no null") }
    self.context = context
    attributes = Typesetter.attributes()
    tabularAttributes = Typesetter.attributes()
    pango_attr_list_insert(tabularAttributes, pango_attr_font_features_new("tnum=1"))
    // Widths in a PDF must not depend on the pixels of any screen.
    cairo_font_options_set_hint_style(options, cairo_hint_style_t(CPangoHintStyleNone))
    cairo_font_options_set_hint_metrics(options, cairo_hint_metrics_t(CPangoHintMetricsOff))
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(context, 0)
    pango_context_set_language(context, pango_language_from_string("en"))
  }

  deinit {
    pango_attr_list_unref(tabularAttributes)
    pango_attr_list_unref(attributes)
    g_object_unref(UnsafeMutableRawPointer(context))
  }

  /// A hyphen that Pango put into a broken number would be read as part of it.
  private static func attributes() -> OpaquePointer {
    guard let list = pango_attr_list_new() else { fatalError("Pango aborts when memory is exhausted") }
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(0))
    return list
  }

  enum Alignment { case left, right }

  func layout(_ printed: PrintedText, alignment: Alignment = .left) throws(DocumentError) -> TextLayout {
    let text = try printed.printable()
    let layout = shape(text, printed.style, alignment)
    guard pango_layout_get_unknown_glyphs_count(layout) == 0 else {
      g_object_unref(UnsafeMutableRawPointer(layout))
      throw unknownGlyph(printed, text)
    }
    return TextLayout(adopting: layout, field: printed.field, ink: printed.style.ink)
  }

  func layout(
    _ printed: PrintedText, width: Double, alignment: Alignment = .left
  ) throws(DocumentError) -> TextLayout {
    let layout = try layout(printed, alignment: alignment)
    layout.wrap(to: width)
    return layout
  }

  /// Plain text always, never markup: `<b>` in a product's name is three characters.
  private func shape(_ text: String, _ style: TextStyle, _ alignment: Alignment) -> OpaquePointer {
    guard let layout = pango_layout_new(context), let font = pango_font_description_new() else {
      fatalError("Pango aborts when memory is exhausted; it returns no null")
    }
    pango_font_description_set_family(font, Typesetter.families)
    pango_font_description_set_absolute_size(font, style.size * Double(CPangoUnitsPerPoint))
    pango_font_description_set_weight(font, PangoWeight(style.isBold ? CPangoWeightBold : CPangoWeightNormal))
    pango_layout_set_font_description(layout, font)
    pango_font_description_free(font)
    pango_layout_set_attributes(layout, style.isTabular ? tabularAttributes : attributes)
    pango_layout_set_wrap(layout, PangoWrapMode(CPangoWrapWordChar))
    pango_layout_set_alignment(layout, PangoAlignment(alignment == .right ? CPangoAlignRight : CPangoAlignLeft))
    var text = text
    text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { pango_layout_set_text(layout, $0.baseAddress, Int32($0.count)) }
    }
    return layout
  }

  private func unknownGlyph(_ printed: PrintedText, _ text: String) -> DocumentError {
    let unknown = text.unicodeScalars.first { scalar in
      let layout = shape(String(Character(scalar)), printed.style, .left)
      defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
      return pango_layout_get_unknown_glyphs_count(layout) > 0
    }
    return .unknownGlyph(field: printed.field, text: text, script: unknown.map(Typesetter.script) ?? "Zyyy")
  }

  private static func script(of scalar: Unicode.Scalar) -> String {
    let code = g_unicode_script_to_iso15924(g_unichar_get_script(scalar.value))
    return String((0..<4).map { Character(Unicode.Scalar(UInt8(truncatingIfNeeded: code >> (24 - 8 * $0)))) })
  }
}

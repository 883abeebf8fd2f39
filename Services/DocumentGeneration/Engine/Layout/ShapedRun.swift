import CPango

/// Reads a run of Pango's: which glyphs stand for which bytes, and where.
struct ShapedRun {
  /// Bytes and glyphs that belong together. Glyphs count from left to right in every script.
  struct Part {
    var bytes: Range<Int>
    var glyphs: Range<Int>
  }

  private let item: CPangoItem
  private let string: CPangoGlyphString
  private let source: UnsafeBufferPointer<UInt8>

  init(_ run: CPangoRun, text: UnsafePointer<CChar>) {
    item = run.item.pointee
    string = run.glyphs.pointee
    source = UnsafeRawBufferPointer(start: text + Int(item.offset), count: Int(item.length))
      .assumingMemoryBound(to: UInt8.self)
  }

  var offset: Int { Int(item.offset) }
  private var isRightToLeft: Bool { item.level % 2 == 1 }

  /// nil for a glyph that shows nothing.
  func positions(x: Double, baseline: Double) -> [cairo_glyph_t?] {
    let units = Double(CPangoUnitsPerPoint)
    var advance: Int32 = 0
    return (0..<Int(string.num_glyphs)).map { index in
      let glyph = string.glyphs[index]
      defer { advance += glyph.width }
      guard glyph.glyph != CPangoGlyphEmpty else { return nil }
      return cairo_glyph_t(
        index: UInt(glyph.glyph), x: x + Double(advance + glyph.x_offset) / units,
        y: baseline + Double(glyph.y_offset) / units)
    }
  }

  var partsInReadingOrder: [Part] {
    let words = parts.split(omittingEmptySubsequences: false) { source[$0.bytes].elementsEqual([0x20]) }
    let spaces = parts.filter { source[$0.bytes].elementsEqual([0x20]) }
    let ordered = isRightToLeft ? words.reversed() : words
    let between = isRightToLeft ? spaces.reversed() : spaces
    var result: [Part] = []
    for (index, word) in ordered.enumerated() {
      result += isRightToLeft ? Array(word) : joinedIfComplex(word)
      if index < between.count { result.append(between[index]) }
    }
    return result
  }

  private var parts: [Part] {
    var parts: [Part] = []
    for index in 0..<Int(string.num_glyphs) {
      let start = Int(string.log_clusters[index])
      if let last = parts.indices.last, parts[last].bytes.lowerBound == start {
        parts[last].glyphs = parts[last].glyphs.lowerBound..<index + 1
      } else {
        parts.append(Part(bytes: start..<start, glyphs: index..<index + 1))
      }
    }
    // A part ends where the next one in the text begins.
    var end = source.count
    for index in isRightToLeft ? Array(parts.indices) : parts.indices.reversed() {
      parts[index].bytes = parts[index].bytes.lowerBound..<end
      end = parts[index].bytes.lowerBound
    }
    return parts
  }

  private func joinedIfComplex(_ word: ArraySlice<Part>) -> [Part] {
    guard let first = word.first, let last = word.last, !word.allSatisfy(isSimple) else { return Array(word) }
    return [
      Part(
        bytes: first.bytes.lowerBound..<last.bytes.upperBound, glyphs: first.glyphs.lowerBound..<last.glyphs.upperBound)
    ]
  }

  /// One visible glyph on the line for one character.
  private func isSimple(_ part: Part) -> Bool {
    let glyph = string.glyphs[part.glyphs.lowerBound]
    return characterCount(part) == 1 && part.glyphs.count == 1 && glyph.y_offset == 0
      && glyph.glyph != CPangoGlyphEmpty
  }

  private func characterCount(_ part: Part) -> Int { source[part.bytes].count { $0 & 0xC0 != 0x80 } }

  func text(of part: Part) -> [UInt8] {
    if isRightToLeft, part.glyphs.count == 1, characterCount(part) > 1, let ligature = ligature(part) {
      return Array(String(ligature).utf8)
    }
    return Array(source[part.bytes])
  }

  /// The one code point of a lam-alef ligature: given as two letters, readers would turn them round.
  private func ligature(_ part: Part) -> Unicode.Scalar? {
    let lamAlefForms: ClosedRange<UInt32> = 0xFEF5...0xFEFC
    let font = pango_font_get_hb_font(item.font)
    return lamAlefForms.first { codePoint in
      var glyph: UInt32 = 0
      return hb_font_get_nominal_glyph(font, codePoint, &glyph) != 0
        && glyph == string.glyphs[part.glyphs.lowerBound].glyph
    }.flatMap(Unicode.Scalar.init)
  }
}

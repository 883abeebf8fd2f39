/// A text may ask for a code instead of naming an article: "What is the HS code for …?". What it asks with is dropped, or
/// the article would be read as what the code is for.
extension TokenStream {
  func withoutQuestion(_ words: WordLists) -> TokenStream {
    let roles = tokens.indices.map { tokens[$0].field == .title ? words.roles(of: hash(at: $0)) : [] }
    guard roles.contains(where: { $0.contains(.asks) }) else { return self }
    return keeping { !roles[$0].contains(.asking) }
  }
}

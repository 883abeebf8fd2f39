extension JSONCursor {
  /// For documents that people edit: a misspelt member would otherwise be a setting silently not applied.
  public func refuseUnknownMembers(_ known: Set<String>) throws(JSONError) {
    for (key, value) in try members() where !known.contains(key) {
      throw value.failure("is not known here; use one of \(known.sorted().joined(separator: ", "))")
    }
  }
}

/// Where the sources of this package are, for tests that read or run files of the repository.
public enum Repository {
  public static let root = String(#filePath.dropLast("/Tests/TestSupport/Repository.swift".count))
}

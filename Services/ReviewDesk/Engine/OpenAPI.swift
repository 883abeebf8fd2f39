/// The description of the HTTP API, as it is served.
public enum OpenAPI {
  public static var bytes: [UInt8] { PackageResources.openapi_json }
}

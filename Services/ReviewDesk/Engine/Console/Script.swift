/// What makes the pages of the console quick. All of them work without it.
public enum Script {
  public static var bytes: [UInt8] { PackageResources.desk_js }
}

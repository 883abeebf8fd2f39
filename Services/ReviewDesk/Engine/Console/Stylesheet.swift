/// How the console looks, in light and in dark.
public enum Stylesheet {
  public static var bytes: [UInt8] { PackageResources.desk_css }
}

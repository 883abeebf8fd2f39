import Testing

@testable import HTTP

@Suite("The address policy")
struct AddressPolicyTests {
  @Test(
    "refuses what is not public",
    arguments: [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
      "127.0.0.1",
      "127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
      "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
      "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1",
      "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254",
      "ff02::1",
      "2001::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "4000::1",
    ])
  func refusals(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(!AddressPolicy.publicOnly.allows(address))
    #expect(AddressPolicy.any.allows(address))
  }

  @Test(
    "allows what is public",
    arguments: [
      "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "172.15.255.255",
      "172.32.0.1",
      "192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
      "2a00:1450:4001::1", "2001:4860:4860::8888",
    ])
  func allowances(text: String) throws {
    #expect(AddressPolicy.publicOnly.allows(try #require(IPAddress(text))))
  }

  @Test("allows the networks that the operator adds, and no neighbours")
  func exceptions() throws {
    let policy = AddressPolicy.allowing([try #require(CIDR("10.1.0.0/16")), try #require(CIDR("fd00:1::/33"))])
    let outcomes = ["10.1.255.1", "10.2.0.1", "fd00:1::1", "fd00:1:8000::1", "::ffff:10.1.0.1", "8.8.8.8"].map {
      policy.allows(IPAddress($0)!)
    }
    #expect(outcomes == [true, false, true, false, false, true])
  }

  @Test("reads networks strictly")
  func networks() {
    #expect(CIDR("10.0.0.0/8")?.description == "10.0.0.0/8")
    #expect(CIDR("0.0.0.0/0") != nil)
    for text in ["10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "a/8", "10.0.0.0/8/8", ""] {
      #expect(CIDR(text) == nil, "\(text)")
    }
  }
}

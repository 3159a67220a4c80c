import Foundation
import Testing

@testable import Report
@testable import Workflow

@Suite struct StructureScriptTests {
  @Test("the security policy of a page names the script that it holds")
  func hash() throws {
    let hexadecimal = sha256(StructureScript.text)
    let bytes = stride(from: 0, to: 64, by: 2).compactMap { place in
      UInt8(hexadecimal.dropFirst(place).prefix(2), radix: 16)
    }
    #expect(StructureScript.hash == "sha256-\(Data(bytes).base64EncodedString())")
  }
}

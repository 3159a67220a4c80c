import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads a text as XML and collects the names of the elements and all text.
private final class XMLReader: NSObject, XMLParserDelegate {
  var elements: [String: Int] = [:]
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

/// Fails if `text` is not well-formed.
@discardableResult
func expectXML(
  _ text: String, sourceLocation: SourceLocation = #_sourceLocation
) -> (elements: [String: Int], text: String) {
  let parser = XMLParser(data: Data(text.utf8))
  let reader = XMLReader()
  parser.delegate = reader
  let isWellFormed = parser.parse()
  #expect(
    isWellFormed, "\(String(describing: parser.parserError))", sourceLocation: sourceLocation)
  #expect(!text.contains("nan") && !text.contains("inf\""), sourceLocation: sourceLocation)
  return (reader.elements, reader.text)
}

import Crystal
import StructureIO
import Testing

@Suite struct FuzzTests {
  /// Texts that read well, with the names that tell their formats.
  static let samples: [(name: String, text: String)] = {
    var samples = dataFiles("GoodInput").map {
      (name: $0, text: (try? dataText("GoodInput/\($0)")) ?? "")
    }
    for format in StructureFormat.allCases {
      var structure = everything()
      if format == .poscar { structure.title = "x" }
      samples.append(
        (fileName(format), (try? StructureFile.text(of: structure, format: format)) ?? ""))
    }
    return samples
  }()

  /// Reads text as all frames; whatever can be read can be written, unless it is refused.
  private func survive(_ text: String, _ name: String) {
    let readings: [StructureReading]? =
      switch StructureFormat(fileName: name) {
      case .extxyz: try? ExtendedXYZ.readFrames(text)
      case .xsf: try? XSF.readFrames(text)
      case .json: try? PymatgenJSON.readFrames(text)
      default: (try? read(text, as: name)).map { [$0] }
      }
    for reading in readings ?? [] {
      _ = try? StructureFile.text(of: reading.structure, format: .cif)
    }
  }

  @Test("a text cut anywhere is read or refused", arguments: samples.map(\.name))
  func truncation(name: String) throws {
    let text = try #require(FuzzTests.samples.first { $0.name == name }).text
    let bytes = Array(text.utf8)
    #expect(!bytes.isEmpty)
    for count in 0..<bytes.count {
      survive(String(decoding: bytes[..<count], as: UTF8.self), name)
    }
  }

  @Test("a text with wrong characters is read or refused", arguments: samples.map(\.name))
  func replacement(name: String) throws {
    let text = try #require(FuzzTests.samples.first { $0.name == name }).text
    let bytes = Array(text.utf8)
    let replacements = Array("9-. \n\"x;:=_".utf8) + [0, 0xC3, 0xFF]
    var random = RandomNumbers(state: 7)
    for position in bytes.indices {
      var copy = bytes
      copy[position] = replacements[Int(random.next() % UInt64(replacements.count))]
      survive(String(decoding: copy, as: UTF8.self), name)
    }
  }

  @Test("a text with lines missing, doubled or exchanged is read or refused")
  func lines() throws {
    for sample in FuzzTests.samples {
      let lines = sample.text.split(separator: "\n", omittingEmptySubsequences: false)
      for i in lines.indices {
        var (missing, doubled, exchanged) = (lines, lines, lines)
        missing.remove(at: i)
        doubled.insert(lines[i], at: i)
        exchanged.swapAt(i, (i * 7 + 3) % lines.count)
        for variant in [missing, doubled, exchanged] {
          survive(variant.joined(separator: "\n"), sample.name)
        }
      }
    }
  }
}

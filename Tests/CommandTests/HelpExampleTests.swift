import Crystal
import Foundation
import StructureIO
import Testing

/// What the help of a command shows is what the program does.
@Suite struct HelpExampleTests {
  /// What the examples of a command write: composition and number of sites, by file.
  private static let results: [(verb: String, files: [String: String])] = [
    (
      "prototype",
      [
        "prototype/host.extxyz": "Ti16O32 48", "pyrolusite/host.extxyz": "Mn2O4 6",
        "znmn2o4/host.cif": "Mn8Zn4O16 28",
      ]
    ),
    (
      "rocksalt",
      [
        "rocksalt/host.extxyz": "Li333Ti56Mo111O500 1000",
        "li2mno2f/host.extxyz": "Li72Mn36O72F36 216", "mgtio3/host.extxyz": "Mg18Ti36O108 216",
      ]
    ),
    (
      "layered",
      [
        "layered/host.extxyz": "Li6Co12O24 48", "nmc811/host.cif": "Li30Mn3Co3Ni24O60 120",
        "mgtis2/host.extxyz": "MgTi4S8 16", "nacrs2/host.vasp": "Na3Cr3S6 12",
        "p2/host.extxyz": "Na12Co18O36 90", "op4/host.extxyz": "Na8Co16O32 72",
        "h13/host.extxyz": "Li6Co18O36 72",
      ]
    ),
    (
      "supercell",
      [
        "supercell.extxyz": "Mg32Al64O128 288", "cell.vasp": "Mg32Al64O128 224",
        "large.extxyz": "Mg16Al32O64 112", "primitive.cif": "Mg2Al4O8 14",
      ]
    ),
    (
      "slab",
      [
        "slab.extxyz": "Mg6Al12O24 54", "slab100.extxyz": "Mg9Al16O32 73",
        "slab110.vasp": "Mg16Al32O64 112",
      ]
    ),
    ("interface", ["interface.extxyz": "Mg66Al132O264 594"]),
    (
      "particles",
      [
        "particles.extxyz": "Mg824Al1648O3296 5768", "many.extxyz": "Mg2700Al5400O10800 18900",
        "dense.extxyz": "Mg802Al1604O3208 5614",
      ]
    ),
    (
      "pack",
      [
        "pack.extxyz": "Mg171Ga171F513Cl342 1197", "v2o5.cif": "V200O500 700",
        "box.extxyz": "Mg100O100 200",
      ]
    ),
    ("strain", ["strain.extxyz": "Mg4O4 8", "strained.vasp": "Mg4O4 8"]),
    ("rattle", ["rattle.extxyz": "Mg32O32 64"]),
    ("substitute", ["substitute.extxyz": "Al4Mn12Zn8O32 72"]),
    ("vacancies", ["vacancies.extxyz": "Mn16Zn8O29 72"]),
    (
      "exchange",
      [
        "exchange.extxyz": "Mg36Ti12Mo24O108 216", "ranked.cif": "Li36Mg18Ti12Mo24O108 198",
        "mg.extxyz": "Li10Mg31Ti12Mo24O108 216",
      ]
    ),
    (
      "insert",
      [
        "insert.extxyz": "V16O40 112", "filled.extxyz": "Mg10V40O100 400",
        "ranked.extxyz": "Mg6V40O100 400", "voids.extxyz": "V40O100 544",
      ]
    ),
    (
      "map",
      [
        "map.extxyz": "Mn16Zn8O32 72", "sites.extxyz": "Mn16Zn8O32 72",
        "mapped.cif": "Mn16Zn8O32 56",
      ]
    ),
    (
      "convert",
      [
        "host.vasp": "Mg8Al16O32 56", "symmetric.cif": "Mg8Al16O32 56",
        "structures/025.vasp": "Mg8Al16O32 56", "tenth.lmp": "Mg8Al16O32 56",
      ]
    ),
    ("volume", ["glass.extxyz": "V40O100 140"]), ("bvs", ["spinel/host.extxyz": "Mg8Al16O32 72"]),
    ("order", ["warm.cif": "Mn128Zn64O256 448"]),
    ("rdf", ["pack.extxyz": "Si60O120 180"]),
    ("coordination", ["prototype/host.extxyz": "Ti24O48 72"]),
    ("sites", ["spinel/host.extxyz": "Mn16Zn8O32 72"]),
    ("lint", [:]),
    ("report", [:]),
  ]

  @Test(
    "the examples of a help work as pasted from 80 columns into an empty folder",
    arguments: results)
  func examples(verb: String, files: [String: String]) throws {
    try Program.inFolder { cellgen in
      let examples = try cellgen.examples(of: verb)
      #expect(examples.contains("  cellgen \(verb) "))
      let result = try cellgen.paste(examples)
      #expect(result.status == 0, "\(result.errors)")
      for (name, expected) in files {
        let structure = try StructureFile.read(cellgen.folder.appending(path: name).path())
          .structure
        #expect("\(structure.composition) \(structure.count)" == expected, "\(name)")
      }
    }
  }
}

extension Program {
  /// The examples in the help of a command, line by line as a terminal of 80 columns shows them.
  func examples(of verb: String) throws -> String {
    let lines = try run([verb, "--help"], columns: 80).output
      .split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(
      lines.firstIndex { ["Example:", "Examples:"].contains($0) }, "\(verb) has no examples")
    let end = lines[start...].firstIndex { $0.hasPrefix("USAGE:") } ?? lines.endIndex
    return lines[(start + 1)..<end].joined(separator: "\n")
  }
}

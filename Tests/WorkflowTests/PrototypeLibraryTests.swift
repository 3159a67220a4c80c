import Building
import Crystal
import Foundation
import Symmetry
import Testing
import Workflow

@Suite struct PrototypeLibraryTests {
  private let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Templates/prototypes").path()

  static let library: PrototypeLibrary? = try? PrototypeLibrary()

  static func crystal(_ name: String) throws -> PrototypeCrystal {
    try #require(library).file(named: name).verifiedCrystal()
  }

  /// Numbers of the space groups: International Tables for Crystallography A.
  static let groups = [
    "anatase": 141, "antifluorite": 225, "chevrel": 148, "corundum": 167, "cscl": 221,
    "fluorite": 225, "gacl3": 2, "gaf3": 167, "gamma-mno2": 12, "hollandite": 87,
    "lambda-mno2": 227,
    "layered-o1": 164, "layered-o2": 186, "layered-o3": 166, "layered-p2": 194, "layered-p3": 160,
    "layered-t1": 164, "li-bcc": 229, "li2moo3": 166, "li2tio3": 15, "mg-hcp": 194, "mgcl2": 166,
    "mgf2": 136, "mgsc2se4": 227, "mgv2o5": 63, "nasicon": 167, "olivine": 62, "perovskite": 221,
    "postspinel": 62, "pyrolusite": 136, "ramsdellite": 62, "rocksalt": 225,
    "rocksalt-disordered": 225, "rutile": 136, "spinel-defect": 227, "spinel-inverse": 227,
    "spinel-normal": 227, "spinel-tetragonal": 141, "thiospinel-ti2s4": 227, "tis2": 164,
    "v2o5-alpha": 59, "v2o5-delta": 63, "wurtzite": 186, "zincblende": 216, "zn-hcp": 194,
  ]

  @Test("the program holds the files of Templates/prototypes, all of them and nothing else")
  func embedded() throws {
    let shipped = try #require(PrototypeLibraryTests.library).files
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(shipped.map(\.file).sorted() == names)
    #expect(shipped.map { "\($0.definition.name).yaml" }.sorted() == names)
    #expect(Set(shipped.map(\.definition.name)) == Set(PrototypeLibraryTests.groups.keys))
    // Read as files of a user, they say the same.
    let read = try PrototypeLibrary(folder: folder)
    #expect(read.files.count == shipped.count)
    for file in shipped {
      #expect(try read.file(named: file.definition.name).definition == file.definition)
    }
  }

  @Test("no two structure types answer to the same name")
  func namesAreUnique() throws {
    let files = try #require(PrototypeLibraryTests.library).files
    let names = files.flatMap { [$0.definition.name] + $0.definition.aliases }
    #expect(
      Set(names).count == names.count,
      "\(Dictionary(grouping: names) { $0 }.filter { $1.count > 1 })")
    for name in names { #expect((try? PrototypeLibraryTests.library?.file(named: name)) != nil) }
  }

  @Test(
    "every structure type has its space group, multiplicities and coordination",
    arguments: groups.keys.sorted())
  func verified(name: String) throws {
    let file = try #require(PrototypeLibraryTests.library).file(named: name)
    let crystal = try file.verifiedCrystal()
    let number = PrototypeLibraryTests.groups[name]
    #expect(crystal.spaceGroupNumber == number)
    // The atoms alone, told apart by their species only, have the same symmetry.
    let atoms = crystal.unitCell.withoutVacancies()
    #expect(try SymmetryDataset(atoms).number == number)
    for (site, row) in zip(file.definition.sites, crystal.siteTable) {
      #expect(site.siteSymmetry == row.siteSymmetry)
      #expect(crystal.unitCell.labels?.count { $0 == site.label } == site.multiplicity)
      #expect(site.shares.reduce(0) { $0 + $1.fraction.doubleValue } == 1)
    }
    // No two atoms overlap, and every coordinated bond has a sensible length.
    for row in crystal.siteTable
    where !(crystal.prototype.sites.first { $0.label == row.label }?.occupant.isVacancy ?? true) {
      let nearest = row.coordination.first?.distance ?? 0
      #expect((1.4...3.6).contains(nearest), "\(row.label) \(nearest)")
    }
    #expect(!file.definition.source.isEmpty)
  }

  @Test("the formula of every structure type is neutral", arguments: groups.keys.sorted())
  func neutral(name: String) throws {
    let build = try PrototypeBuildSpecification(prototype: name).rounded().build()
    guard let charge = build.totalCharge else {
      #expect(["mg-hcp", "zn-hcp", "li-bcc"].contains(name))
      return
    }
    // Fractions that one cell cannot hold leave a charge, which is stated.
    #expect((abs(charge) < 1e-6) == !build.counts.contains(where: \.isRounded))
    #expect((abs(charge) < 1e-6) == build.warnings.isEmpty)
  }

  @Test("an unknown name brings the nearest one")
  func unknownName() throws {
    let library = try #require(PrototypeLibraryTests.library)
    #expect {
      try library.file(named: "rutil")
    } throws: {
      "\($0)".contains("there is no prototype \"rutil\"\nhint: did you mean rutile?")
    }
    #expect(try library.file(named: "RUTILE").definition.name == "rutile")
    #expect(try library.file(named: "LiFePO4").definition.name == "olivine")
    #expect(try library.file(named: "O3").definition.name == "layered-o3")
    #expect {
      try PrototypeLibrary(folder: "/nowhere/at/all")
    } throws: {
      "\($0)".contains("cannot read the folder")
    }
  }
}

extension PrototypeBuildSpecification {
  fileprivate func rounded() -> PrototypeBuildSpecification {
    var copy = self
    copy.filling.round = true
    return copy
  }
}

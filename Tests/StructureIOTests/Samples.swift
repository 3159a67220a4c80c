import CellgenTestSupport
import Crystal
import Foundation
import StructureIO

/// A triclinic crystal with every kind of column, sites outside the cell, fractional oxidation
/// states and text that needs quotes. Atoms of an element are neighbours; there is no vacancy.
func everything() -> Structure {
  let species = [
    Species(.dummy, oxidationState: -1), Species(.dummy), species("Mg2+"), species("Mg2+"),
    Species(element("Mn"), oxidationState: 10.0 / 3), Species(element("Mn"), oxidationState: 0),
    Species(element("Mn")), species("O2-"),
  ]
  let positions = [
    Fractional(0.1, 0.2, 0.3), Fractional(-1.0 / 3, 2.0 / 3, 1e-17), Fractional(7.25, -3.1, 0.5),
    Fractional(0, -0.0, 1), Fractional(0.999_999_999_999_999_9, 0.5, 0.123_456_789_012_345_67),
    Fractional(0.5, 0.5, 0.5), Fractional(0.25, 0.75, 0.6), Fractional(0.7, 0.9, 0.1),
  ]
  var structure = Structure(
    lattice: skewedLattice, species: species, positions: positions,
    title: "a \"title\" with 'quotes', = and [brackets] {x} \\ # ;",
    info: [
      Structure.InfoEntry("energy", "-12.5"), Structure.InfoEntry("config_type", "two words"),
      Structure.InfoEntry("empty", ""), Structure.InfoEntry("odd key=", "data_x"),
      Structure.InfoEntry("lines", "one\ntwo's \"x\"\n"), Structure.InfoEntry("_q", "?"),
    ])
  structure.labels = ["8a", "8a", "16d", "16d", "32e", "48f", "a'b", "_x"]
  structure.parentSites = [0, 0, 1, 1, 2, -3, Int.max, Int.min]
  structure.cellIndices = Array(0..<8)
  structure.charges = (0..<8).map { Double($0) / 7 }
  structure.set(
    Column(Column.Name.velocity, width: 3, .real((0..<24).map { Double($0 - 12) * 1e-3 / 3 })))
  structure.set(
    Column(Column.Name.free, width: 3, .logical((0..<24).map { $0.isMultiple(of: 5) })))
  structure.set(Column(Column.Name.force, width: 3, .real((0..<24).map { Double($0) / 7 - 1 })))
  structure.set(Column(Column.Name.magneticMoment, .real((0..<8).map { Double($0) / 3 - 1 })))
  structure.set(Column(Column.Name.occupancy, .real([1, 0.5, 1, 1, 1, 1.0 / 3, 1, 1])))
  structure.set(Column("words", width: 2, .text((0..<16).map { "w\($0)#;" })))
  structure.set(Column("stress'", width: 6, .real((0..<48).map { 1e-300 * Double($0) })))
  structure.set(Column("flag", .logical((0..<8).map { $0 > 3 })))
  return structure
}

/// What a format keeps of a structure without vacancies, in the cell to which it turns it.
func kept(_ structure: Structure, by format: StructureFormat) throws -> Structure {
  if [.extxyz, .cif, .json].contains(format) { return structure }
  var kept = structure
  if format == .lammps || format == .res { kept = try kept.orientedLowerTriangular() }
  let noted = [
    Column.Name.label, Column.Name.parentSite, Column.Name.cellIndex, Column.Name.charge,
    Column.Name.magneticMoment, Column.Name.occupancy,
  ]
  let own: [StructureFormat: [String]] = [
    .poscar: [Column.Name.velocity, Column.Name.free], .lammps: [Column.Name.velocity],
    .cp2k: [Column.Name.velocity], .espresso: [Column.Name.free], .xsf: [Column.Name.force],
  ]
  for column in structure.columns where !(noted + (own[format] ?? [])).contains(column.name) {
    kept.removeColumn(column.name)
  }
  kept.info = []
  return kept
}

/// A file name of a format.
func fileName(_ format: StructureFormat) -> String { "x.\(format.fileExtensions[0])" }

/// Structures drawn at random, for laws.
func randomStructure(seed: UInt64) throws -> Structure {
  var random = RandomNumbers(state: seed)
  func vector(_ size: Double) -> SIMD3<Double> {
    SIMD3(random.real() - 0.5, random.real() - 0.5, random.real() - 0.5) * size
  }
  let lattice = try Lattice(
    a: SIMD3(9, 0, 0) + vector(3), b: SIMD3(0, -7, 0) + vector(3), c: SIMD3(0, 0, 8) + vector(3))
  let kinds = [species("Mg2+"), species("Mn3.5+"), species("O2-")]
  let count = 3 + Int(random.real() * 20)
  return Structure(
    lattice: lattice, species: (0..<count).map { kinds[3 * $0 / count] },
    positions: (0..<count).map { _ in Fractional(vector(6)) })
}

/// A small generator (SplitMix64), so that cases can be repeated from their seed.
struct RandomNumbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func real() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}

func species(_ text: String) -> Species { Species(text)! }

func element(_ symbol: String) -> Element { Element(symbol: symbol)! }

/// Reads text as the format of a file name does, with the name in messages.
func read(_ text: String, as name: String) throws -> StructureReading {
  try StructureFile.read(text: text, format: StructureFormat(fileName: name)!, source: name)
}

/// The files in a folder of test data, sorted.
func dataFiles(_ folder: String) -> [String] {
  let path = dataFolder().appending(path: folder).path
  let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  return names.filter { !$0.hasSuffix(".expected") }.sorted()
}

/// The text of a file of test data.
func dataText(_ path: String) throws -> String {
  try String(contentsOf: dataFolder().appending(path: path), encoding: .utf8)
}

import Building
import Crystal
import Foundation
import StructureIO
import Testing

/// Commands that change a structure refuse what cannot be meant, and write nothing.
@Suite struct EditingRefusalTests {
  /// A spinel with every site, two slabs of it, a rocksalt that is to be exchanged, and two atoms on
  /// one point.
  private static func prepare(_ cellgen: Program) throws {
    let spinel = try spinelWithStates()
    try StructureFile.write(spinel, to: cellgen.path("host.extxyz"))
    try StructureFile.write(
      spinel.repeated(SupercellMatrix(parsing: "1 1 0 0 1 1 1 0 1")), to: cellgen.path("tilted.cif")
    )
    for (plane, name) in [([1, 0, 0], "below"), ([1, 1, 1], "above")] {
      let slab = try SurfaceStacking(spinel, plane: plane).slab(SlabSpecification(plane: plane))
      try StructureFile.write(slab.structure, to: cellgen.path("\(name).extxyz"))
    }
    var charged = spinel
    charged.charges = spinel.species.map { $0.oxidationState ?? 0 }
    try StructureFile.write(charged, to: cellgen.path("charged.extxyz"))
    // 9 Li+, so that half of them is no whole number.
    let lithium = try #require(Species("Li+"))
    let oxide = try #require(Species("O2-"))
    try StructureFile.write(
      Structure(
        lattice: .cubic(12), species: Array(repeating: lithium, count: 9) + [oxide],
        positions: (0..<10).map { Fractional(0.1 * Double($0), 0, 0) }),
      to: cellgen.path("lithia.extxyz"))
    try cellgen.write(
      "2\nLattice=\"4 0 0 0 4 0 0 0 4\" Properties=species:S:1:pos:R:3\nMg 0 0 0\nO 4 0 0\n",
      to: "overlap.extxyz")
  }

  /// Words of a call, its status, and what it says.
  typealias Refusal = (words: String, status: Int32, message: String)

  private static let supercell: [Refusal] = [
    ("host.extxyz 0x1x1", 64, "is not three positive integers"),
    ("host.extxyz 1,0,0,0,-1,0,0,0,1", 64, "determinant -1, expected a positive one"),
    ("host.extxyz 1,0,0,1,0,0,0,0,1", 64, "determinant 0, expected a positive one"),
    ("host.extxyz 2x2", 64, "neither three nor nine integers"),
    ("host.extxyz 900x900x900", 64, "expected at most"),
    ("host.extxyz", 64, "expected one of: a matrix"),
    ("host.extxyz 2x1x1 --primitive", 64, "found 2"),
    ("host.extxyz --near-cubic 0", 64, "expected 1 to 10000 cells"),
    ("host.extxyz --near-spherical 20000", 64, "expected 1 to 10000 cells"),
    ("host.extxyz --min-image 0", 1, "expected a positive one"),
    ("host.extxyz --min-image nan", 1, "expected a positive one"),
    ("none.cif 2x1x1", 1, "none.cif: no such file"),
    ("host.extxyz 2x1x1 --out x.dat", 1, "x.dat: the name tells no structure format"),
    ("host.extxyz 2x1x1 --out none/x.cif", 1, "does the folder exist"),
    ("overlap.extxyz --primitive", 1, "overlap.extxyz: atoms 1 and 2 are on the same point"),
  ]

  private static let strain: [Refusal] = [
    ("host.extxyz", 64, "expected either --isotropic or --components"),
    ("host.extxyz --isotropic 0.01 --components 0,0,0,0,0,0", 64, "expected either"),
    ("host.extxyz --components 0.01,0.01", 64, "found 2"),
    ("host.extxyz --components a,b,c,d,e,f", 64, "is not six numbers"),
    ("host.extxyz --isotropic -0.95", 64, "expected less than 0.9"),
    ("host.extxyz --isotropic nan", 64, "a strain of nan"),
    ("host.extxyz --components -0.8,0,0,0.8,0.8,0.8", 64, "inside out"),
    ("overlap.extxyz --isotropic 0.1", 1, "on the same point"),
  ]

  private static let rattle: [Refusal] = [
    ("host.extxyz", 64, "--deviation"),
    ("host.extxyz --deviation 0", 64, "expected above 0"),
    ("host.extxyz --deviation=-1", 64, "expected above 0"),
    ("host.extxyz --deviation nan", 64, "expected above 0"),
    ("host.extxyz --deviation 5", 64, "below 5 Å"),
    ("host.extxyz --deviation 0.1 --seed=-1", 64, "--seed"),
  ]

  private static let substitute: [Refusal] = [
    ("host.extxyz --from Mn --to Al3+", 64, "expected either --count or --fraction"),
    ("host.extxyz --from Mn --to Al3+ --count 1 --fraction 0.5", 64, "expected either"),
    ("host.extxyz --from Mn --to Al3+ --fraction 1.5", 64, "expected above 0, up to 1"),
    ("host.extxyz --from Mn --to Al3+ --fraction 0", 64, "expected above 0, up to 1"),
    ("host.extxyz --from Mn --to Al3+ --fraction nan", 64, "expected above 0, up to 1"),
    ("host.extxyz --from Mn --to Al3+ --fraction 0.01", 1, "0.01 of 16 atoms is less than one"),
    ("host.extxyz --from Mn --to Al3+ --count 0", 64, "expected at least 1"),
    ("host.extxyz --from Mn --to Al3+ --count 17", 1, "expected 1 to 16"),
    ("host.extxyz --from Mn --to Axl --count 1", 64, "expected a species"),
    ("host.extxyz --from Mx --to Al3+ --count 1", 1, "there is no element \"Mx\""),
    ("host.extxyz --from Fe --to Al3+ --count 1", 1, "the structure has O2-, Mn3+, Zn2+, Va"),
    ("host.extxyz --from Mn4+ --to Al3+ --count 1", 1, "there is no Mn4+"),
    ("host.extxyz --from Mn --to Mn3+ --count 1", 1, "is Mn3+ already"),
    ("host.extxyz --from Mn --to Al3+ --count 1 --label 16e", 1, "the label 16e"),
    ("host.extxyz --from Mn --to Al3+ --count 1 --label 8a", 1, "there is no Mn on 8a"),
    ("charged.extxyz --from Mn --to Al --count 1", 1, "hint: write Al3+"),
    ("lithia.extxyz --from Li --to Na --count 1 --label 8a", 1, "the structure has no labels"),
  ]

  private static let vacancies: [Refusal] = [
    ("host.extxyz --of O --fraction 2", 64, "expected above 0, up to 1"),
    ("host.extxyz --of O --count 33", 1, "expected 1 to 32"),
    ("host.extxyz --of Va --count 1", 1, "is Va already"),
    ("host.extxyz --of Fe --count 1", 1, "there is no Fe"),
    ("host.extxyz --of O --count 1 --label 16d", 1, "there is no O on 16d"),
  ]

  private static let exchange: [Refusal] = [
    ("lithia.extxyz --from Na --to Mg", 1, "there is no Na"),
    ("lithia.extxyz --from Lx --to Mg", 1, "did you mean Li?"),
    ("lithia.extxyz --from Li --to Mgg", 1, "did you mean Mg?"),
    ("lithia.extxyz --from Li --to Li", 1, "Li is to leave and to come"),
    ("lithia.extxyz --from Li,Li --to Mg", 1, "--from: Li is given twice"),
    ("lithia.extxyz --from Li --to Mg,Mg", 1, "--to: Mg is given twice"),
    ("lithia.extxyz --from Li --to Mg:0.5,Zn:0.4", 1, "add up to 0.9000, expected 1"),
    ("lithia.extxyz --from Li --to Mg:x", 1, "write Mg, or Mg:0.75,Zn:0.25"),
    (
      "lithia.extxyz --from Li --to Mg", 1,
      "nearest are −8 Li +4 Mg; −6 Li +3 Mg; accept the first with --round"
    ),
    ("lithia.extxyz --from Li --to Mg --fraction 1.2", 64, "expected above 0, up to 1"),
    ("lithia.extxyz --from Li --to Mg --fraction 1 --composition MgO", 64, "exclude each other"),
    ("lithia.extxyz --from Li --to Mg --composition MgTiO3", 1, "MgTiO3 has Ti, which is neither"),
    ("lithia.extxyz --from Li --to Mg --composition Mg(", 1, "lacks a closing"),
    ("lithia.extxyz --from Li --to Mn", 1, "add --oxidation Mn=2"),
    ("lithia.extxyz --from Li --to F", 1, "no whole numbers near 100.00 % keep the charge"),
    ("lithia.extxyz --from Li --to Mg --oxidation Zn=2", 1, "there is no Zn"),
    ("host.extxyz --from Zn --to Mg --label 16d", 1, "there is no Zn on 16d"),
    ("host.extxyz --from Zn --to Mg --onto 16e", 1, "the label 16e"),
    ("host.extxyz --from Zn --to Mg --threads 0", 64, "expected 1 to 1024"),
    ("host.extxyz --from Zn --to Mg --method best", 64, "'random', 'rank' or 'problem'"),
    ("overlap.extxyz --from Mg --to Ca --method rank", 1, "on the same point"),
  ]

  private static let insert: [Refusal] = [
    ("host.extxyz --count 3", 64, "need --ion"),
    ("host.extxyz --ion Mg2+ --count 1 --composition MgO", 64, "exclude each other"),
    ("host.extxyz --ion Mgg2+", 1, "Mgg2+"),
    ("host.extxyz --ion Mg2+ --count 0", 1, "expected at least 1"),
    ("host.extxyz --ion Mg2+ --count 9999", 1, "9999 ions to insert, but only"),
    ("host.extxyz --min-distance 9", 1, "expected 0.3 to 4"),
    ("host.extxyz --ion Mg2+ --composition MgTiO3", 1, "does not have the elements"),
    ("overlap.extxyz", 1, "on the same point"),
  ]

  private static let slab: [Refusal] = [
    ("host.extxyz", 64, "--plane"),
    ("host.extxyz --plane 0,0,0", 1, "the Miller indices 0 0 0 are no plane"),
    ("host.extxyz --plane 1,1", 1, "2 Miller indices, expected three"),
    ("host.extxyz --plane a,b,c", 64, "are not integers"),
    ("host.extxyz --plane 1000,0,0", 1, "expected -50 to 50"),
    ("host.extxyz --plane 1,1,1 --termination 9", 1, "terminations 1 to"),
    ("host.extxyz --plane 1,1,1 --thickness 1e9", 1, "up to 10000 Å"),
    ("host.extxyz --plane 1,1,1 --thickness 5 --layers 4", 64, "exclude each other"),
    ("host.extxyz --plane 1,1,1 --layers 0", 1, "expected 1 to 10000"),
    ("host.extxyz --plane 1,1,1 --symmetric --unbalanced", 64, "exclude each other"),
    ("host.extxyz --plane 1,1,1 --supercell 0x1", 1, "determinant 0"),
    ("host.extxyz --plane 1,1,1 --supercell 2", 1, "expected two or four"),
    ("host.extxyz --plane 1,1,1 --oxidation Mg", 64, "is no name and number"),
    ("host.extxyz --plane 1,1,1 --oxidation Fe=2", 1, "there is no element \"Fe\""),
    ("overlap.extxyz --plane 1,0,0", 1, "on the same point"),
  ]

  private static let interface: [Refusal] = [
    ("below.extxyz", 64, "<film>"),
    ("below.extxyz above.extxyz --strain 0.0001", 1, "hint: the nearest is"),
    ("below.extxyz above.extxyz --area 10", 1, "allow a larger area"),
    ("below.extxyz above.extxyz --match 999", 1, "there is no match 999"),
    ("below.extxyz above.extxyz --shift 1", 1, "1 numbers for the shift, expected two"),
    ("below.extxyz above.extxyz --vacuum 0", 1, "expected 1 to 1000 Å"),
    ("below.extxyz above.extxyz --strained none", 64, "'film', 'substrate' or 'both'"),
    ("below.extxyz tilted.cif", 1, "cut a slab first"),
  ]

  private static let particles: [Refusal] = [
    ("host.extxyz", 64, "expected --edge or --units"),
    ("host.extxyz --edge 1", 1, "expected 4 to 300 Å"),
    ("host.extxyz --edge 20 --units 1000", 1, "holds"),
    ("host.extxyz --units 0", 1, "expected 1 to 1000000"),
    ("host.extxyz --edge 12 --formula ZnO2", 1, "a unit of ZnO2 has a charge of -2.000 e"),
    ("host.extxyz --edge 12 --arrangement 0x1x1", 1, "three numbers from 1 to 6"),
    ("host.extxyz --edge 12 --rotation sideways", 64, "'random'"),
    ("host.extxyz --edge 12 --closeness 9", 1, "expected 0.3 to 1.5"),
  ]

  private static let pack: [Refusal] = [
    ("MgO", 64, "expected either --density or --box"),
    ("MgO --density 3 --box 10", 64, "expected either --density or --box"),
    ("MgO --density 30 --atoms 400", 1, "g/cm³ was reached"),
    ("MgO --box 14,14", 1, "expected one or three lengths"),
    ("MgO --box 5,5,0", 1, "expected one or three lengths"),
    ("Xo --density 3", 1, "there is no element \"Xo\""),
    ("MgO --density 2 --atoms 0", 1, "expected 2 to"),
    ("MgO --density 2 --factor 0", 1, "expected 0.3 to 1.5"),
    ("MgO --density 2 --distances Mg=2", 1, "is no pair of elements"),
    ("MgO --density 2 --distances Mg-Zn=2", 1, "is no pair of elements"),
    ("MgO --density 2 --radii Zn=1", 1, "there is no Zn in the composition"),
  ]

  @Test(
    "bad options and bad files",
    arguments: [
      ("supercell", supercell), ("strain", strain), ("rattle", rattle), ("substitute", substitute),
      ("vacancies", vacancies), ("exchange", exchange), ("insert", insert), ("slab", slab),
      ("interface", interface), ("particles", particles), ("pack", pack),
    ])
  func refusals(verb: String, cases: [Refusal]) throws {
    try Program.inFolder { cellgen in
      try EditingRefusalTests.prepare(cellgen)
      for refusal in cases {
        let words = refusal.words.split(separator: " ").map(String.init)
        try cellgen.expectRefusal(
          [verb] + words, status: refusal.status, saying: refusal.message)
      }
    }
  }

  @Test(
    "a file that exists stays, unless --force is given",
    arguments: [
      "supercell host.extxyz 2x1x1", "strain host.extxyz --isotropic 0.01",
      "rattle host.extxyz --deviation 0.1",
      "substitute host.extxyz --from Mn --to Al3+ --count 1",
      "vacancies host.extxyz --of O --count 1", "exchange host.extxyz --from Zn --to Mg",
      "insert host.extxyz", "slab host.extxyz --plane 1,1,1", "interface below.extxyz above.extxyz",
      "particles host.extxyz --edge 10", "pack MgO --density 2 --atoms 50",
    ])
  func existing(call: String) throws {
    try Program.inFolder { cellgen in
      try EditingRefusalTests.prepare(cellgen)
      let words = call.split(separator: " ").map(String.init)
      let file = "\(words[0]).extxyz"
      try cellgen.write("mine", to: file)
      try cellgen.expectRefusal(words, status: 1, saying: "\(file): the file exists")
      #expect(try cellgen.read(file) == "mine")
      let result = try cellgen.run(words + ["--force"])
      #expect(result.status == 0, "\(result.errors)")
      #expect(try cellgen.structure(file).count > 0)
    }
  }
}

/// A spinel ZnMn2O4 with every site and oxidation states.
func spinelWithStates() throws -> Structure {
  var spinel = try Spinel(SpinelSpecification()).unitCell
  let states = ["Zn": 2.0, "Mn": 3, "O": -2]
  for (index, species) in spinel.species.enumerated() where !species.isVacancy {
    spinel.setSpecies(
      Species(species.element, oxidationState: states[species.element.symbol]), at: index)
  }
  return spinel
}

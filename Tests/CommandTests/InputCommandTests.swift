import CellgenTestSupport
import Foundation
import Testing

@Suite struct InputCommandTests {
  /// What is in a folder, sorted.
  private func names(_ cellgen: Program, in folder: String) -> [String] {
    let below = cellgen.files.filter { $0.hasPrefix("\(folder)/") }
    return Set(below.compactMap { $0.dropFirst(folder.count + 1).split(separator: "/").first })
      .map(String.init).sorted()
  }

  @Test func `help is as it was read`() throws {
    try Program.inFolder { cellgen in
      let help = try cellgen("input", "--help")
      try expectGolden(help.output, "input-help.txt", in: dataFolder())
    }
  }

  @Test func `every structure gets a folder with its input, its structure and its record`() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("spinel", "--A", "Mg", "--B", "Mn", "--quiet").status == 0)
      let result = try cellgen(
        "input", "vasp", "spinel/host.extxyz", "--preset", "nakahara2025", "--u", "Mn3+@16d=4",
        "--set", "tags.vasp.NCORE=4", "--json", "--out", "sets")
      try #require(result.status == 0, "\(result.errors)")
      let calculations = try #require(try result.json["calculations"] as? [[String: Any]])
      #expect(calculations.first?["id"] as? String == "host")
      #expect(
        names(cellgen, in: "sets/host") == [
          "INCAR", "KPOINTS", "POSCAR", "POTCAR.labels", "calculation.json", "structure.extxyz",
        ])
      let incar = try cellgen.read("sets/host/INCAR")
      #expect(incar.contains("GGA = PS\n") && incar.contains("NCORE = 4\n"))
      let record = try JSONSerialization.jsonObject(
        with: Data(cellgen.read("sets/host/calculation.json").utf8))
      let settings = try #require((record as? [String: Any])?["settings"] as? [String: Any])
      #expect(settings["functional"] as? String == "PBEsol")
      #expect(settings["cutoffEV"] as? Double == 500)
    }
  }

  @Test func `all problems are told and nothing is written`() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--quiet").status == 0)
      #expect(try cellgen("spinel", "--A", "Mg", "--B", "Mn", "--quiet").status == 0)
      let result = try cellgen(
        "input", "vasp", "prototype/host.extxyz", "spinel/host.extxyz", "--preset", "choyal2025")
      #expect(result.status == 1)
      #expect(result.errors.contains("Mn has no U in the preset choyal2025"))
      #expect(
        !FileManager.default.fileExists(atPath: cellgen.folder.appending(path: "input").path()))
    }
  }

  @Test(arguments: [
    (["input", "vasp"], "no structures"),
    (["input", "gaussian", "x.cif"], "gaussian"),
    (["input", "vasp", "x.extxyz", "--neb", "3"], "a path has two ends, 1 structures are given"),
    (["input", "abinit", "x", "y", "--neb", "3"], "paths are written for vasp and qe"),
    (["input", "vasp", "x", "y", "--neb", "0"], "0, expected 1 to 99"),
    (["input", "vasp", "x", "--idpp"], "--idpp needs --neb"),
    (["input", "vasp", "x", "--set", "cutoff_eV"], "expected key=value"),
    (["input", "vasp", "x", "--u", "Mn=high"], "is not a finite number"),
    (["input", "cp2k", "x", "--pseudopotentials", "."], "CP2K finds its pseudopotentials itself"),
    (["input", "lammps", "x", "--pseudopotentials", "."], "LAMMPS has no pseudopotentials"),
  ])
  func `wrong usage is told`(_ words: [String], _ message: String) throws {
    try Program.inFolder { cellgen in
      let result = try cellgen.run(words)
      #expect(result.status == 64)
      #expect(result.errors.contains(message), "\(result.errors)")
    }
  }

  @Test(arguments: [
    (["--preset", "choyal2024"], "did you mean choyal2025?"),
    (["--set", "cutof_eV=600"], "did you mean cutoff_eV?"),
    (["--set", "functional=B3LYP"], "values are LDA, PBE, PBEsol, SCAN, r2SCAN"),
    (["--set", "cutoff_eV=-5"], "expected 50.0 to 20000.0 eV"),
    (["--set", "tags.gaussian.X=1"], "unknown key \"gaussian\""),
    (["--set", "kpoints=dense"], "is no choice of k-points"),
    (["--u", "Xx=3"], "names no atoms"),
    (["--pseudopotentials", "none"], "there is no POTCAR for Mg_pv"),
    (["--templates", "."], "there is no template for VASP in this folder"),
    (["--preset", "loop.yaml"], "presets extend one another without end"),
    (["--preset", "bad.yaml"], "bad.yaml:2: cutoff_eV: \"high\" is not a finite number"),
  ])
  func `values that cannot be are told`(_ words: [String], _ message: String) throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--quiet").status == 0)
      try cellgen.write("extends: loop.yaml\n", to: "loop.yaml")
      try cellgen.write("functional: PBE\ncutoff_eV: high\n", to: "bad.yaml")
      let result = try cellgen.run(["input", "vasp", "prototype/host.extxyz"] + words)
      #expect(result.status == 1)
      #expect(result.errors.contains(message), "\(result.errors)")
    }
  }

  @Test func `templates of users come before those of cellgen, and their mistakes have lines`()
    throws
  {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--quiet").status == 0)
      #expect(try cellgen("input", "vasp", "--write-templates", "mine").status == 0)
      let incar = try cellgen.read("mine/vasp/INCAR")
      try cellgen.write("# ours\n" + incar, to: "mine/vasp/INCAR")
      let good = try cellgen(
        "input", "vasp", "prototype/host.extxyz", "--templates", "mine", "--out", "a")
      #expect(good.status == 0, "\(good.errors)")
      #expect(try cellgen.read("a/host/INCAR").hasPrefix("# ours\nSYSTEM = "))
      try cellgen.write("# ours\n# and\nENCUT = {{ cutoff }}\n", to: "mine/vasp/INCAR")
      let bad = try cellgen(
        "input", "vasp", "prototype/host.extxyz", "--templates", "mine", "--out", "b")
      #expect(bad.status == 1)
      #expect(
        bad.errors.contains("mine/vasp/INCAR:3: unknown variable \"cutoff\""), "\(bad.errors)")
      #expect(bad.errors.contains("did you mean cutoff_eV?"))
      let outside = cellgen.folder.appending(path: "outside")
      try cellgen.write("SYSTEM = x\n", to: "outside")
      let link = cellgen.folder.appending(path: "mine/vasp/INCAR")
      try FileManager.default.removeItem(at: link)
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: outside)
      let leaving = try cellgen(
        "input", "vasp", "prototype/host.extxyz", "--templates", "mine", "--out", "c")
      #expect(
        leaving.status == 1 && leaving.errors.contains("the template leads out of its folder"))
    }
  }

  @Test func `POTCAR is put together from the data sets of the user`() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--quiet").status == 0)
      try cellgen.write("  PAW_PBE Mg_pv 13Apr2007\nmagnesium\n", to: "sets/Mg_pv/POTCAR")
      try cellgen.write("  PAW_PBE O 08Apr2002\noxygen", to: "sets/O/POTCAR")
      let result = try cellgen(
        "input", "vasp", "prototype/host.extxyz", "--pseudopotentials", "sets", "--out", "a")
      #expect(result.status == 0, "\(result.errors)")
      #expect(
        try cellgen.read("a/host/POTCAR")
          == "  PAW_PBE Mg_pv 13Apr2007\nmagnesium\n  PAW_PBE O 08Apr2002\noxygen\n")
      try cellgen.write("  PAW_PBE O_s 07Sep2000\n", to: "sets/O/POTCAR")
      let wrong = try cellgen(
        "input", "vasp", "prototype/host.extxyz", "--pseudopotentials", "sets", "--out", "b")
      #expect(
        wrong.status == 1 && wrong.errors.contains("expected a data set O"), "\(wrong.errors)")
    }
  }

  @Test func `names of calculations are unique`() throws {
    try Program.inFolder { cellgen in
      for folder in ["a", "b"] {
        #expect(try cellgen("prototype", "rocksalt", "--out", folder, "--quiet").status == 0)
      }
      let result = try cellgen("input", "cp2k", "a/host.extxyz", "b/host.extxyz", "--out", "sets")
      #expect(result.status == 0, "\(result.errors)")
      #expect(names(cellgen, in: "sets") == ["a-host", "b-host", "manifest.json"])
      let twice = try cellgen("input", "cp2k", "a/host.extxyz", "a/host.extxyz", "--out", "c")
      #expect(twice.status == 1 && twice.errors.contains("there are 2 structures \"a-host\""))
    }
  }

  @Test func `a path has a folder for every image`() throws {
    try Program.inFolder { cellgen in
      #expect(try cellgen("prototype", "rocksalt", "--supercell", "2x1x1", "--quiet").status == 0)
      for seed in ["1", "2"] {
        #expect(
          try cellgen(
            "vacancies", "prototype/host.extxyz", "--of", "Mg", "--count", "1", "--seed", seed,
            "--out", "\(seed).extxyz"
          ).status == 0)
      }
      let result = try cellgen(
        "input", "vasp", "1.extxyz", "2.extxyz", "--neb", "3", "--idpp", "--out", "path")
      #expect(result.status == 0, "\(result.errors)")
      #expect(names(cellgen, in: "path/1-2").prefix(5) == ["00", "01", "02", "03", "04"])
      // One ion hops; all others stay where they are.
      let ends = try ["00", "04"].map { image in
        Set(
          try cellgen.read("path/1-2/\(image)/POSCAR").split(separator: "\n").dropFirst(8).map {
            $0.split(separator: "!")[0]
          })
      }
      #expect(ends[0].subtracting(ends[1]).count == 1)
    }
  }
}

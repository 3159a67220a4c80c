import Crystal
import Foundation
import Handoff
import StructureIO
import Workflow

/// Speed of writing inputs and collecting results.
enum HandoffBench {
  /// Structures, and files that are collected.
  static let count = 1000

  static func rows() throws -> [CellgenBench.Row] {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cellgen-bench-\(ProcessInfo.processInfo.globallyUniqueString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try [input(folder), collect(folder)]
  }

  /// VASP sets of structures with 56 atoms, from files to files.
  private static func input(_ folder: URL) throws -> CellgenBench.Row {
    let build = try SpinelBuild(SpinelBuildSpecification())
    let places = try OutputFolder(folder.appending(path: "structures").path())
    let text = try StructureFile.text(of: build.host, format: .extxyz)
    for number in 0..<count {
      try Data(text.utf8).write(to: URL(filePath: places.file("\(number).extxyz")))
    }
    let time = try CellgenBench.seconds(1) {
      let run = try InputRun(InputSpecification(code: .vasp, structures: [places.path]))
      try run.write(to: OutputFolder(folder.appending(path: "input").path()), started: startTime())
    }
    let copying = try CellgenBench.seconds(1) {
      try FileManager.default.copyItem(
        at: folder.appending(path: "input"), to: folder.appending(path: "copy"))
    }
    return CellgenBench.Row(
      what: "\(count) structures to VASP sets", figure: "\(fixed(time, 2)) s",
      twin: "copying these files: \(fixed(copying, 2)) s", required: "< 2 s on 2 cores")
  }

  private static func collect(_ folder: URL) throws -> CellgenBench.Row {
    var size = 0
    for number in 0..<count {
      let text = vasprun(number)
      size = text.utf8.count
      let place = folder.appending(path: "runs/\(number)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place.appending(path: "vasprun.xml"))
    }
    var collected = 0
    let time = try CellgenBench.seconds(1) {
      let run = try CollectRun(
        CollectSpecification(paths: [folder.appending(path: "runs").path()]))
      try run.write(
        to: OutputFolder(folder.appending(path: "collect").path()), started: startTime())
      collected = run.counts.included
    }
    guard collected == count else { throw InputError("\(collected) of \(count) were collected") }
    return CellgenBench.Row(
      what: "collect \(count) vasprun.xml",
      figure: "\(fixed(time, 2)) s, \(fixed(Double(size) / 1e6, 2)) MB each",
      twin: "CPU time of pymatgen 2026: 14 s, of ASE: 32 s", required: "< 20 s on 2 cores")
  }

  /// A relaxation of 64 Mg and 64 O in three steps, with eigenvalues up to 1 MB.
  static func vasprun(_ number: Int) -> String {
    var stream = RandomStream(seed: 5, purpose: "vasprun", index: number)
    func vector(_ scale: Double) -> String {
      let numbers = (0..<3).map { _ in fixed(scale * stream.uniform(), 8) }
      return "   <v>       \(numbers.joined(separator: "       ")) </v>\n"
    }
    func array(_ name: String, _ scale: Double, _ rows: Int) -> String {
      "  <varray name=\"\(name)\" >\n" + (0..<rows).map { _ in vector(scale) }.joined()
        + "  </varray>\n"
    }
    let basis =
      "  <varray name=\"basis\" >\n   <v> 16.8 0.0 0.0 </v>\n   <v> 0.0 8.4 0.0 </v>\n"
      + "   <v> 0.0 0.0 8.4 </v>\n  </varray>\n"
    func energy(_ value: Double) -> String {
      "   <energy>\n    <i name=\"e_fr_energy\"> \(value) </i>\n"
        + "    <i name=\"e_wo_entrp\"> \(value) </i>\n    <i name=\"e_0_energy\"> \(value) </i>\n"
        + "   </energy>\n"
    }
    var text = """
      <?xml version="1.0" encoding="ISO-8859-1"?>
      <modeling>
       <generator>
        <i name="version" type="string">6.4.2 </i>
       </generator>
       <parameters>
        <i name="ENMAX">    520.00000000</i>
        <i type="int" name="NELM">   100</i>
        <i type="int" name="ISPIN">     2</i>
        <i type="string" name="GGA">PE</i>
        <i type="int" name="NSW">    99</i>
        <i type="int" name="IBRION">     2</i>
       </parameters>
       <atominfo>
        <array name="atoms" >
         <set>

      """
    for element in ["Mg", "O "] {
      for _ in 0..<64 { text += "    <rc><c>\(element)</c><c>   1</c></rc>\n" }
    }
    text += "   </set>\n  </array>\n </atominfo>\n"
    for step in 0..<3 {
      text += " <calculation>\n"
      for iteration in 0..<20 {
        text += "  <scstep>\n" + energy(-700 + 1 / Double(iteration + step + 1)) + "  </scstep>\n"
      }
      text += "  <structure>\n  <crystal>\n\(basis)  </crystal>\n" + array("positions", 1, 128)
      text += "  </structure>\n" + array("forces", 0.01, 128) + array("stress", 1, 3)
      text += energy(-760 - 0.001 * Double(number)) + " </calculation>\n"
      guard step == 2 else { continue }
      text.removeLast(" </calculation>\n".utf8.count)
      text += "  <eigenvalues>\n"
      let line = "       <r>   -12.3456    1.0000 </r>\n"
      text += String(repeating: line, count: (1_000_000 - text.utf8.count) / line.utf8.count)
      text += "  </eigenvalues>\n </calculation>\n"
    }
    return text + "</modeling>\n"
  }
}

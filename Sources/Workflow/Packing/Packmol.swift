public import Building
public import Crystal
internal import Foundation

/// The program packmol, which packs atoms when it is asked for instead of the built-in packing.
///
/// Packmol knows a radius for each element, so a pair keeps at least its least distance, and more where
/// the distance of the pair is not a sum of radii. Versions before 20.15 know no periodic box: there,
/// atoms keep a radius from every face.
///
/// Reference: L. Martínez et al., J. Comput. Chem. 30, 2157 (2009).
public struct Packmol: Sendable {
  /// The program.
  public let path: String

  /// Its version, such as `20.14.0`.
  public let version: String

  /// How far packmol may miss a distance, and the square of how far an atom may cross a face, Å.
  private static let precision = 0.01

  /// Looks for the program.
  ///
  /// - Parameter searchPath: Folders separated by colons; nil for those of PATH.
  /// - Throws: ``InputError`` if it is not there, or does not tell its version.
  public init(searchPath: String? = nil) throws(InputError) {
    let folders = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    let found = folders.split(separator: ":").map { "\($0)/packmol" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else {
      throw InputError(
        "packmol is not installed: PATH has no program of this name", at: "packer",
        hint:
          "sudo apt-get install packmol on Debian and Ubuntu, brew install packmol on macOS; or "
          + "pack without --packer packmol")
    }
    path = found
    // Without input it prints its version and stops.
    let banner = try Packmol.run(found, input: nil, in: FileManager.default.temporaryDirectory)
    let words = banner.split(whereSeparator: \.isWhitespace)
    guard let place = words.firstIndex(where: { $0.lowercased() == "version" }),
      place + 1 < words.count, words[place + 1].first?.isNumber == true
    else {
      throw InputError("does not tell its version as packmol does", at: found)
    }
    version = String(words[place + 1])
  }

  /// Whether this version knows periodic boxes.
  var isPeriodic: Bool {
    let numbers = version.split(separator: ".").map { Int($0) ?? 0 } + [0, 0]
    return (numbers[0], numbers[1]) >= (20, 15)
  }

  /// Packs a composition.
  ///
  /// - Throws: ``InputError`` if packmol does not find a packing, with what it says, or its packing does
  ///   not keep the least distances.
  public func callAsFunction(_ specification: PackingSpecification) throws(InputError) -> Packing {
    let plan = try PackingPlan(specification)
    return try Packing(plan, points: points(plan))
  }

  /// Positions of the atoms, element by element, Å.
  private func points(_ plan: PackingPlan) throws(InputError) -> [SIMD3<Double>] {
    let input = try input(plan)
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cellgen-packmol-\(ProcessInfo.processInfo.globallyUniqueString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let inputFile = folder.appending(path: "packmol.inp")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for (index, element) in plan.elements.enumerated() {
        try Data("1\n\n\(element) 0 0 0\n".utf8).write(to: folder.appending(path: "\(index).xyz"))
      }
      try Data(input.utf8).write(to: inputFile)
    } catch {
      throw InputError("cannot be written: \(reason(error))", at: folder.path())
    }
    let output = try Packmol.run(path, input: inputFile, in: folder)
    guard output.contains("Success!") else { throw failure(output) }
    guard let text = try? String(contentsOf: folder.appending(path: "packed.xyz"), encoding: .utf8)
    else { throw InputError("packmol reports success but wrote no structure", at: path) }
    return try read(text, plan)
  }

  /// The input file.
  private func input(_ plan: PackingPlan) throws(InputError) -> String {
    let radii = Packmol.radii(plan.distances).map { $0 + Packmol.precision / 2 }
    let edges = plan.edges
    // The tolerance is for atoms without a radius, of which there are none.
    var lines = [
      "tolerance \(2 * (radii.min() ?? 1))", "precision \(Packmol.precision)", "filetype xyz",
      "output packed.xyz", "seed \(plan.seed % UInt64(Int32.max))",
    ]
    if isPeriodic { lines.append("pbc \(edges.x) \(edges.y) \(edges.z)") }
    for (index, count) in plan.counts.enumerated() {
      lines += ["structure \(index).xyz", "  number \(count)", "  radius \(radii[index])"]
      if !isPeriodic {
        let margin = radii[index] + Packmol.precision.squareRoot()
        guard edges.min() > 2 * margin else {
          throw InputError(
            "the box has no room for \(plan.elements[index]) \(fixed(margin, 3)) Å from its faces",
            at: "packer", hint: "pack more atoms")
        }
        let end = edges - margin
        lines.append("  inside box \(margin) \(margin) \(margin) \(end.x) \(end.y) \(end.z)")
      }
      lines.append("end structure")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A radius for each element such that the sum of two is at least their least distance, Å.
  static func radii(_ distances: MinimumDistances) -> [Double] {
    let count = distances.elements.count
    var radii = (0..<count).map { distances($0, $0) / 2 }
    for i in 0..<count {
      for j in 0..<i {
        let missing = distances(i, j) - radii[i] - radii[j]
        guard missing > 0 else { continue }
        radii[i] += missing / 2
        radii[j] += missing / 2
      }
    }
    return radii
  }

  /// The points of packmol's result, checked against what was asked for.
  private func read(_ text: String, _ plan: PackingPlan) throws(InputError) -> [SIMD3<Double>] {
    // The number of atoms, a title, and a line for each atom.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    let expected = zip(plan.elements, plan.counts).flatMap { Array(repeating: $0, count: $1) }
    guard lines.count == expected.count else {
      throw InputError(
        "packmol wrote \(lines.count) atoms, expected \(expected.count)", at: path)
    }
    var points: [SIMD3<Double>] = []
    for (element, line) in zip(expected, lines) {
      let words = line.split(whereSeparator: \.isWhitespace)
      let numbers = words.dropFirst().compactMap { NumberReader.real(String($0)) }
      guard words.count == 4, numbers.count == 3, words[0] == element.symbol else {
        throw InputError(
          "packmol wrote \"\(line)\", expected \(element) and three coordinates", at: path)
      }
      points.append(SIMD3(numbers[0], numbers[1], numbers[2]))
    }
    return points
  }

  /// What packmol says when it gives up.
  private func failure(_ output: String) -> InputError {
    let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let hint =
      "lower the density or --factor, take another --seed, or pack without --packer packmol"
    if let line = lines.last(where: { $0.contains("ERROR") }) {
      return InputError("packmol \(version) stopped: \(line)", at: "packer", hint: hint)
    }
    let end = lines.last { $0.hasPrefix("ENDED WITHOUT") }
    let violation = lines.last { $0.hasPrefix("Maximum violation of target distance") }
    let said = [end, violation].compactMap { $0 }.joined(separator: " ")
    return InputError(
      "packmol \(version) did not converge: \(said.isEmpty ? lines.last ?? "it says nothing" : said)",
      at: "packer", hint: hint)
  }

  /// Runs the program to its end; what it prints.
  private static func run(
    _ path: String, input: URL?, in folder: URL
  ) throws(InputError) -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    do {
      process.standardInput =
        if let input { try FileHandle(forReadingFrom: input) } else { FileHandle.nullDevice }
      try process.run()
      let data = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    } catch {
      throw InputError("cannot be run: \(reason(error))", at: path)
    }
  }
}

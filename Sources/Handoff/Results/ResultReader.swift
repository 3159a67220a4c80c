public import Crystal

/// Finds and reads the results in a folder, whatever program wrote them.
public enum ResultReader {
  /// The result file of a folder.
  public struct Output: Hashable, Sendable {
    /// Name of the file.
    public var name: String
    /// The program that wrote it.
    public var code: SimulationCode
    /// Whether it is the XML of Quantum ESPRESSO.
    var isXML = false
  }

  /// The result file in a folder.
  ///
  /// - Parameters:
  ///   - folder: Where the program ran.
  ///   - code: The program, if it is known.
  /// - Returns: nil if there is none with anything in it.
  public static func output(in folder: ResultFolder, of code: SimulationCode? = nil) -> Output? {
    for candidate in code.map({ [$0] }) ?? SimulationCode.allCases {
      if let output = output(in: folder, by: candidate) { return output }
    }
    return nil
  }

  private static func output(in folder: ResultFolder, by code: SimulationCode) -> Output? {
    func first(_ names: [String], _ mark: String) -> Output? {
      names.first { folder.has($0) && folder.beginning(of: $0).has(mark) }
        .map { Output(name: $0, code: code) }
    }
    // The usual name first, then others that look like it.
    let printed =
      [code.printedFile]
      + folder.files.filter {
        ($0.hasSuffix(".out") || $0.hasSuffix(".log") || $0.hasSuffix(".pwo"))
          && $0 != code.printedFile
      }
    switch code {
    case .vasp:
      return [VasprunReader.fileName, OutcarReader.fileName].first(where: folder.has)
        .map { Output(name: $0, code: .vasp) }
    case .qe:
      return first(printed, EspressoOutputReader.mark) ?? espressoXML(in: folder)
    case .cp2k:
      return first(printed, CP2KOutputReader.mark)
    case .abinit:
      let main = folder.files.filter { $0.hasSuffix(".abo") }
      return first(main + printed, AbinitOutputReader.mark)
    case .lammps:
      return first([LAMMPSLogReader.fileName] + printed, LAMMPSLogReader.mark)
    }
  }

  /// The XML in a folder `.save`, or beside it, of the folder itself or of `out` in it.
  private static func espressoXML(in folder: ResultFolder) -> Output? {
    for place in ["", "out/"] {
      let inside = place.isEmpty ? folder : ResultFolder("\(folder.path)/out")
      for save in inside.folders.filter({ $0.hasSuffix(".save") }).map({ "\($0)/" }) + [""] {
        let last = save.isEmpty ? inside : ResultFolder("\(inside.path)/\(save.dropLast())")
        let file = last.files.first {
          $0.hasSuffix(".xml") && last.beginning(of: $0).has(EspressoXMLReader.mark)
        }
        if let file { return Output(name: place + save + file, code: .qe, isXML: true) }
      }
    }
    return nil
  }

  /// Reads the result file of a folder.
  ///
  /// - Parameters:
  ///   - output: The file.
  ///   - folder: Where it is.
  /// - Returns: The result, with the path of the folder as its name.
  /// - Throws: ``InputError`` with the place of what cannot be read.
  public static func read(
    _ output: Output, in folder: ResultFolder
  ) throws(InputError) -> CalculationResult {
    let text = try ResultText(file: folder.file(output.name))
    var result: CalculationResult
    switch output.code {
    case .vasp: result = try readVASP(text, output, in: folder)
    case .qe:
      result = output.isXML ? try EspressoXMLReader.read(text) : try EspressoOutputReader.read(text)
    case .cp2k: result = try CP2KOutputReader.read(text, in: folder)
    case .abinit: result = try AbinitOutputReader.read(text, in: folder)
    case .lammps: result = try LAMMPSLogReader.read(text, in: folder)
    }
    result.id = folder.path
    if result.forces?.count != result.structure?.count { result.forces = nil }
    if result.state == .truncated, let reason = PrintedFailure.find(in: folder) {
      result.state = .failed(reason)
    }
    return result
  }

  /// `vasprun.xml`, with what only `OUTCAR` has: moments, wall time, and whether a relaxation ended at its
  /// criterion; or `OUTCAR` where it is the more complete of the two.
  private static func readVASP(
    _ text: ResultText, _ output: Output, in folder: ResultFolder
  ) throws(InputError) -> CalculationResult {
    guard output.name == VasprunReader.fileName else { return try OutcarReader.read(text) }
    guard folder.has(OutcarReader.fileName), let outcar = try? folder.text(OutcarReader.fileName)
    else { return try VasprunReader.read(text) }
    guard var result = try? VasprunReader.read(text) else {
      var other = try OutcarReader.read(outcar)
      other.notes.append("\(output.name) cannot be read, so \(OutcarReader.fileName) was")
      return other
    }
    if result.state == .truncated, OutcarReader.isComplete(outcar) {
      var other = try OutcarReader.read(outcar)
      other.notes.append("\(output.name) ends in the middle, so \(OutcarReader.fileName) was read")
      return other
    }
    OutcarReader.fillMoments(outcar, count: result.structure?.count ?? 0, &result)
    result.wallTime = outcar.firstReal(outcar.lastRest("Elapsed time (sec):"))
    if case .ionsNotConverged = result.state, OutcarReader.hasReachedAccuracy(outcar) {
      result.state = .finished
    }
    return result
  }

  /// Endings of files that hold results without a folder.
  public static let fileEndings = ["extxyz", "xyz", "json"]

  /// Reads a file that holds results of its own: extended XYZ, or JSON of ASE or pymatgen.
  ///
  /// - Throws: ``InputError`` with the place of what cannot be read.
  public static func readFile(_ path: String) throws(InputError) -> [CalculationResult] {
    if path.hasSuffix(".json") { return try JSONResults.read(ResultText(file: path)) }
    if path.hasSuffix("xyz") { return try ExtendedXYZResults.read(path) }
    throw InputError(
      "no file of results", at: path,
      hint: "give the folder of a calculation, or a file that ends with .extxyz, .json or .db")
  }
}

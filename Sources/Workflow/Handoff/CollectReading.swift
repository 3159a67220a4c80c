internal import Crystal
internal import Handoff
internal import StructureIO
internal import Synchronization

/// Reads the calculations of one place after the other, several at a time.
///
/// Files larger than ``largeFile`` are read one at a time, so that memory stays bounded by the number of
/// cores and the largest file.
struct CollectReading: Sendable {
  /// Bytes above which a file waits for the others.
  static let largeFile = 32 << 20

  /// The sites with labels for results without a structure of their own.
  let parent: Structure?

  /// Reads all places on all cores.
  ///
  /// - Returns: The calculations in the order of the places.
  func all(_ sources: [CollectSource]) -> [CollectedCalculation] {
    concurrentMap(sources) { read($0) }.flatMap { $0 }
  }

  private func read(_ source: CollectSource) -> [CollectedCalculation] {
    guard let folder = source.folder else { return readFile(source) }
    var calculation = CollectedCalculation(
      id: CollectSource.name(of: source.path), path: source.path, group: source.group)
    do {
      try read(folder, into: &calculation)
    } catch {
      calculation.exclusion = .init(reason: error.description, hint: nil)
    }
    return [calculation]
  }

  private func readFile(_ source: CollectSource) -> [CollectedCalculation] {
    do {
      let results =
        source.path.hasSuffix(".\(ASEDatabase.fileEnding)")
        ? try ASEDatabase.read(source.path) : try ResultReader.readFile(source.path)
      let digest = try sha256(ofFile: source.path)
      return results.map { result in
        var calculation = CollectedCalculation(
          id: result.id, path: "\(source.path): \(result.id)", group: source.group)
        calculation.inputs = [source.path: digest]
        complete(&calculation, result, reference: nil)
        return calculation
      }
    } catch {
      var calculation = CollectedCalculation(
        id: CollectSource.name(of: source.path), path: source.path, group: source.group)
      calculation.exclusion = .init(reason: error.description, hint: nil)
      return [calculation]
    }
  }

  private func read(
    _ folder: ResultFolder, into calculation: inout CollectedCalculation
  ) throws(InputError) {
    let record = try CollectReading.record(in: folder)
    if let record {
      calculation.record = record
      calculation.id = record.id
    }
    guard let output = ResultReader.output(in: folder, of: record?.code) else {
      let expected = record.map { "no output of \($0.code.title)" } ?? "no output"
      calculation.exclusion = .init(
        reason: "\(expected): it has not been run, or has written nothing yet",
        hint: record.map { "run in the folder: \($0.command.joined(separator: " "))" })
      return
    }
    let result = try CollectReading.limited(folder, output) { () throws(InputError) in
      try ResultReader.read(output, in: folder)
    }
    calculation.inputs["\(folder.path)/\(output.name)"] = try sha256(
      ofFile: "\(folder.path)/\(output.name)")
    var reference: Structure?
    let structure = "\(folder.path)/\(CalculationRecord.structureName)"
    if folder.files.contains(CalculationRecord.structureName) {
      reference = try StructureFile.read(structure).structure.withoutVacancies()
      calculation.inputs[structure] = try sha256(ofFile: structure)
    }
    complete(&calculation, result, reference: reference)
    explainTruncation(&calculation, folder, output)
  }

  private static let large = Mutex(())

  /// Does the work at once, or for a large file when no other large one is read.
  private static func limited<Value>(
    _ folder: ResultFolder, _ output: ResultReader.Output,
    _ work: () throws(InputError) -> Value
  ) throws(InputError) -> Value {
    guard folder.size(of: output.name) > largeFile else { return try work() }
    return try large.withLock { (_) throws(InputError) in try work() }
  }

  private static func record(in folder: ResultFolder) throws(InputError) -> CalculationRecord? {
    guard folder.files.contains(CalculationRecord.fileName) else { return nil }
    let path = "\(folder.path)/\(CalculationRecord.fileName)"
    let text = try readText(path)
    do {
      return try jsonValue(CalculationRecord.self, from: text)
    } catch {
      throw InputError(
        "this does not describe a calculation", at: path,
        hint: "write it again with cellgen input, or remove it to go by the output alone")
    }
  }

  /// Adds labels, oxidation states and remarks to a result.
  private func complete(
    _ calculation: inout CollectedCalculation, _ result: CalculationResult, reference: Structure?
  ) {
    calculation.result = result
    calculation.warnings += result.notes
    let restored = RestoredStructure(result, reference: reference, parent: parent)
    calculation.structure = restored.structure
    calculation.largestDisplacement = restored.largestDisplacement
    calculation.warnings += restored.warnings
    if let problem = restored.problem { calculation.exclusion = problem }
    if result.structure == nil, calculation.result?.composition == nil {
      calculation.result?.composition = reference?.composition
    }
    if let moments = result.moments, let species = calculation.structure?.species,
      species.count == moments.count
    {
      let check = OxidationCheck(
        species: species, moments: moments, charge: calculation.record?.charge ?? 0)
      calculation.oxidation = check
      calculation.warnings += check.warnings
    }
    if let record = calculation.record {
      calculation.warnings += SettingsDifference.departures(
        from: record.settings, in: result.settings, elements: calculation.elements)
    }
  }

  /// Says of an output that ends in the middle whether the job may still run.
  private func explainTruncation(
    _ calculation: inout CollectedCalculation, _ folder: ResultFolder,
    _ output: ResultReader.Output
  ) {
    guard calculation.result?.state == .truncated, let age = folder.age(of: output.name) else {
      return
    }
    let isRecent = age < CollectReading.silence
    calculation.exclusion = .init(
      reason: isRecent
        ? "the output ends in the middle, and was written \(fixed(max(0, age), 0)) s ago: it may "
          + "still be running"
        : "the output ends in the middle: it was killed, or has not written for long",
      hint: isRecent ? "collect again when it has ended" : "run it again")
  }

  /// Seconds without output after which a job is not taken to be running.
  private static let silence = 600.0
}

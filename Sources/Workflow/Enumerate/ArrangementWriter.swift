internal import Arrangement
internal import BigInt
internal import Crystal
internal import Foundation
internal import Symmetry

/// Appends arrangements to a list beside its final name.
struct ArrangementWriter {
  /// What has been written, and what is left: enough to go on.
  struct State: Codable {
    /// Settings of the enumeration.
    var specification: EnumerateSpecification
    /// The problem file.
    var problem: String
    /// Bytes that are complete.
    var bytes: UInt64 = 0
    /// The case that is being written.
    var current = 0
    /// Arrangements of each case so far.
    var records: [Int] = []
    /// Sum of the degeneracies of the current case, in decimal digits.
    var degeneracySum = "0"
    /// Sums of the cases that are done.
    var degeneracySums: [String] = []
    /// Beginnings that are left in the current case.
    var pending: [Enumeration.Beginning] = []
    /// Space groups so far.
    var spaceGroups: [String] = []

    /// Arrangements so far.
    var written: Int { records.reduce(0, +) }
  }

  private let path: String
  private let handle: FileHandle
  private(set) var state: State
  private var indexOfSpaceGroup: [String: UInt16] = [:]
  private var sum: BigUInt = 0

  static func partialPath(_ path: String) -> String { "\(path).partial" }
  static func progressPath(_ path: String) -> String { "\(path).progress" }

  /// Opens a new list, or one that was begun.
  init(_ path: String, _ state: State, header: [UInt8]) throws {
    self.path = path
    self.state = state
    let partial = ArrangementWriter.partialPath(path)
    let isNew = state.bytes == 0
    let manager = FileManager.default
    if isNew {
      // The progress of an older list must not be taken for that of this one.
      let progress = ArrangementWriter.progressPath(path)
      if manager.fileExists(atPath: progress) {
        do {
          try manager.removeItem(atPath: progress)
        } catch {
          throw InputError("cannot remove: \(reason(error))", at: progress)
        }
      }
      guard manager.createFile(atPath: partial, contents: nil) else {
        throw InputError(
          "cannot write the list", at: partial,
          hint: "check that the folder is there and writable")
      }
    } else {
      let size = try? manager.attributesOfItem(atPath: partial)[.size] as? NSNumber
      guard let size, size.uint64Value >= state.bytes else {
        throw InputError(
          "the list that was begun has \(size?.stringValue ?? "no") bytes, expected at least "
            + "\(state.bytes)", at: partial, hint: "begin anew with --force")
      }
    }
    do {
      handle = try FileHandle(forWritingTo: URL(filePath: partial))
      try handle.truncate(atOffset: state.bytes)
      try handle.seekToEnd()
    } catch {
      throw InputError("cannot write the list: \(reason(error))", at: partial)
    }
    for (index, name) in state.spaceGroups.enumerated() {
      indexOfSpaceGroup[name] = UInt16(truncatingIfNeeded: index)
    }
    sum = BigUInt(state.degeneracySum) ?? 0
    if isNew { try write(header) }
  }

  /// Writes arrangements.
  ///
  /// - Parameters:
  ///   - batch: The arrangements.
  ///   - limit: Of them at most so many.
  ///   - listed: The case they belong to.
  ///   - format: How.
  ///   - name: Name of the space group of a stabilizer.
  /// - Throws: ``InputError`` if the file cannot be written.
  mutating func append(
    _ batch: ArrangementBatch, limit: Int, _ listed: EnumerateRun.Case,
    _ format: ArrangementArchive.Format, name: ([Int]) -> String
  ) throws {
    let count = min(limit, batch.degeneracies.count)
    guard count > 0 else { return }
    let width = batch.occupancies.count / batch.degeneracies.count
    // Numbers of space groups are given in the order in which they are first written.
    var number = [UInt16?](repeating: nil, count: batch.stabilizers.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * (width + 48))
    let middle = Array(",\(listed.title),".utf8)
    let group = UInt64(listed.symmetry.permutations.count)
    var total: UInt64 = 0
    for i in 0..<count {
      let local = Int(batch.groups[i])
      let global: UInt16
      if let known = number[local] {
        global = known
      } else {
        let symbol = name(batch.stabilizers[local])
        if let known = indexOfSpaceGroup[symbol] {
          global = known
        } else {
          global = UInt16(truncatingIfNeeded: state.spaceGroups.count)
          indexOfSpaceGroup[symbol] = global
          state.spaceGroups.append(symbol)
        }
        number[local] = global
      }
      let degeneracy = batch.degeneracies[i]
      total += min(UInt64(degeneracy), group)
      let occupancy = batch.occupancies[(i * width)..<((i + 1) * width)]
      switch format {
      case .compact:
        bytes += occupancy
        for shift in [0, 8, 16, 24] as [UInt32] {
          bytes.append(UInt8(truncatingIfNeeded: degeneracy >> shift))
        }
        bytes.append(UInt8(truncatingIfNeeded: global))
        bytes.append(UInt8(truncatingIfNeeded: global >> 8))
      case .csv:
        appendDigits(state.written + i + 1, to: &bytes)
        bytes += middle
        appendDigits(Int(degeneracy), to: &bytes)
        bytes.append(UInt8(ascii: ","))
        bytes += state.spaceGroups[Int(global)].utf8
        bytes.append(UInt8(ascii: ","))
        bytes += occupancy
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    sum += BigUInt(total)
    state.degeneracySum = "\(sum)"
    state.records[state.current] += count
    try write(bytes)
  }

  /// Notes what is left to do, so that the work can be taken up from here.
  mutating func checkpoint(pending: [Enumeration.Beginning]) throws {
    state.pending = pending
    do {
      try handle.synchronize()
      try Data(jsonText(state).utf8).write(
        to: URL(filePath: ArrangementWriter.progressPath(path)), options: .atomic)
    } catch {
      throw InputError(
        "cannot write: \(reason(error))", at: ArrangementWriter.progressPath(path),
        hint: "check that the disk is not full")
    }
  }

  /// Goes on with the next case.
  mutating func beginCase(_ index: Int) {
    if index > state.current || state.records.isEmpty {
      if !state.records.isEmpty { state.degeneracySums.append(state.degeneracySum) }
      state.current = index
      state.records.append(0)
      sum = 0
      state.degeneracySum = "0"
    }
  }

  /// Closes the list and moves it into place.
  mutating func finish(footer: [UInt8]) throws {
    try write(footer)
    state.degeneracySums.append(state.degeneracySum)
    do {
      try handle.close()
      let target = URL(filePath: path)
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(at: target)
      }
      try FileManager.default.moveItem(
        at: URL(filePath: ArrangementWriter.partialPath(path)), to: target)
      let progress = ArrangementWriter.progressPath(path)
      if FileManager.default.fileExists(atPath: progress) {
        try FileManager.default.removeItem(atPath: progress)
      }
    } catch {
      throw InputError("cannot write the list: \(reason(error))", at: path)
    }
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    do {
      try handle.write(contentsOf: bytes)
    } catch {
      throw InputError(
        "cannot write: \(reason(error))", at: ArrangementWriter.partialPath(path),
        hint: "free some space and go on with --resume \(path)")
    }
    state.bytes += UInt64(bytes.count)
  }
}

/// Decimal digits of a number that is not negative.
private func appendDigits(_ number: Int, to bytes: inout [UInt8]) {
  if number >= 10 { appendDigits(number / 10, to: &bytes) }
  bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
}

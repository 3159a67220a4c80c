internal import Arrangement
internal import Crystal
internal import StructureIO

/// Makes a problem of a structure with partial occupancies.
struct DisorderedProblem {
  /// The problem.
  let file: ProblemFile

  /// What was assumed, one sentence each.
  let notes: [String]

  /// Doubtful but legal, one sentence each.
  let warnings: [String]

  /// Reads a structure and chooses what the command line leaves open.
  ///
  /// - Throws: ``InputErrors`` with everything that is wrong.
  init(_ choice: ProblemChoice, path: String) throws {
    let reading = try StructureFile.read(path)
    let crystal = try DisorderedCrystal(
      reading.structure, disorderGroup: choice.disorderGroup,
      splitSites: choice.allowSplitSites ? .warn : .refuse, source: path)
    guard !crystal.isOrdered || choice.composition != nil else {
      throw InputError(
        "every site of the structure is fully occupied by one element: there is nothing to arrange",
        at: path,
        hint: "write a problem file that allows several species on some label, with parent: \(path)"
      )
    }
    var notes = crystal.notes
    let oxidation = try choice.oxidationRules()
    if let tolerance = choice.tolerance, !(tolerance > 0 && tolerance < 0.5) {
      throw InputError("\(tolerance), expected a number above 0 and below 0.5", at: "--tolerance")
    }
    let proposals = crystal.supercellProposals(tolerance: choice.tolerance, oxidation: oxidation)
    let supercell: SupercellMatrix
    switch choice.supercell {
    case "auto":
      supercell = try DisorderedProblem.choose(proposals, choice, &notes)
    case .some(let text):
      do {
        supercell = try SupercellMatrix(parsing: text)
      } catch {
        throw error.inside("--supercell")
      }
    case nil:
      supercell = .identity
    }
    let specification: ProblemSpecification
    do {
      specification = try crystal.specification(
        supercell: supercell, rounding: choice.round ? .nearest : .refuse, oxidation: oxidation,
        chargePolicy: choice.allowCharge ? .background : .neutral, tolerance: choice.tolerance)
    } catch {
      guard choice.supercell == nil, !proposals.fitting.isEmpty else { throw error }
      let sizes = proposals.fitting.prefix(3).map { "\($0.supercell)" }.joined(separator: ", ")
      throw InputErrors(
        error.problems + [
          InputError(
            "the unit cell is too small for its occupancies", at: path,
            hint: "use --supercell auto; those that fit are \(sizes)")
        ])
    }
    // Notes of the crystal come first in the specification too.
    var problem = specification
    problem.notes.removeAll { crystal.notes.contains($0) }
    notes += problem.notes
    problem.notes = []
    file = ProblemFile(
      problem, energy: try choice.model ?? DisorderedProblem.energy(problem, &notes))
    self.notes = notes
    self.warnings = reading.warnings + crystal.warnings
  }

  /// The smallest supercell in which the numbers are whole and charges cancel.
  private static func choose(
    _ proposals: SupercellProposals, _ choice: ProblemChoice, _ notes: inout [String]
  ) throws(InputError) -> SupercellMatrix {
    func isNeutral(_ proposal: SupercellProposal) -> Bool {
      (proposal.netCharge ?? 0).magnitude < 1e-6
    }
    let fitting = proposals.fitting
    if let best = fitting.first(where: isNeutral) ?? fitting.first {
      let names = fitting.map { "\($0.supercell)" }.joined(separator: ", ")
      notes.append("supercell \(best.supercell): the occupancies are whole numbers in \(names)")
      return best.supercell
    }
    let closest = proposals.closest
    guard choice.round else {
      throw InputError(
        "no supercell of up to \(DisorderedCrystal.defaultMaximumIndex) cells makes the occupancies "
          + "whole numbers; nearest is \(closest.supercell), off by up to "
          + "\(fixed(closest.largestDeviation, 4))", at: "--supercell",
        hint: "accept it with --round, or occupancies that are known less well with --tolerance")
    }
    notes.append("supercell \(closest.supercell): the nearest to the occupancies")
    return closest.supercell
  }

  /// The lattice model where all its parameters are published, otherwise electrostatics alone.
  private static func energy(
    _ specification: ProblemSpecification, _ notes: inout [String]
  ) throws -> EnergyModelChoice {
    guard let problem = try? ArrangementProblem(specification) else { return .ewald }
    do {
      _ = try EnergyModelChoice.lattice.check(problem)
      return .lattice
    } catch let errors as InputErrors {
      let reason = errors.problems.first?.message ?? "parameters are missing"
      notes.append("energies by electrostatics alone: \(reason)")
      return .ewald
    }
  }
}

extension ProblemChoice {
  /// Oxidation states from the command line.
  func oxidationRules() throws(InputError) -> [Element: ProblemSpecification.OxidationRule] {
    var rules: [Element: ProblemSpecification.OxidationRule] = [:]
    for word in oxidation.flatMap({ $0.split(separator: ",") }) {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let element = Element(symbol: parts[0]) else {
        throw InputError(
          "\"\(word)\" is not an element with an oxidation state", at: "--oxidation",
          hint: "write for example Li=1,Mn=auto")
      }
      switch parts[1] {
      case "auto": rules[element] = .auto
      case "integer": rules[element] = .integer
      default:
        guard let state = NumberReader.real(parts[1]), state.magnitude <= 9 else {
          throw InputError(
            "\"\(parts[1])\" is not an oxidation state", at: "--oxidation: \(element)",
            hint: "write a number from -9 to 9, auto or integer")
        }
        rules[element] = .fixed(state)
      }
    }
    return rules
  }
}

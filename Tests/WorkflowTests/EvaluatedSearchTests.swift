import Arrangement
import CellgenTestSupport
import Crystal
import Engines
import Foundation
import Search
import StructureIO
import Testing

@testable import Workflow

/// Eight 8a sites, four of them Mg.
private let smallProblem = tetrahedra("{8a: {Mg: 4}}")

/// Every cation on every site of a spinel: large enough for candidates that differ.
private let mixedProblem = """
  lattice: 8.5
  spacegroup: Fd-3m
  origin: 2
  sites:
    - {label: 8a,  frac: [0.125, 0.125, 0.125], allowed: [Mg, Zn, Mn, Va]}
    - {label: 16c, frac: [0, 0, 0], allowed: [Mg, Zn, Mn, Va]}
    - {label: 16d, frac: [0.5, 0.5, 0.5], allowed: [Mg, Zn, Mn, Va]}
    - {label: 32e, frac: [0.2625, 0.2625, 0.2625], allowed: [O]}
  composition: Mg3Zn10Mn11O32
  oxidation: {Mg: 2, Zn: 2, O: -2, Mn: auto}
  energy: lattice

  """

/// A program for `command:`. Springs hold every atom to the nearest point of a grid; besides, pairs of
/// Mg that are nearest neighbours cost 0.1 eV. It fails for arrangements with a certain number of such
/// pairs, and notes every call in a log.
private let springs = """
  import json, os, sys
  log, bad, source, target = sys.argv[1:5]
  lines = open(source).read().splitlines()
  a = float(lines[1].split('Lattice="')[1].split()[0])
  atoms = [line.split() for line in lines[2:]]
  energy, forces, grid = 0.0, [], []
  for atom in atoms:
      r = [float(x) for x in atom[1:4]]
      home = [round(x * 8 / a) for x in r]
      grid.append((atom[0], [n % 8 for n in home]))
      d = [x - n * a / 8 for x, n in zip(r, home)]
      energy += sum(x * x for x in d)
      forces.append([-2 * x for x in d])
  pairs = 0
  mg = [place for name, place in grid if name == 'Mg']
  for i, p in enumerate(mg):
      for q in mg[:i]:
          if all((x - y) % 8 in (2, 6) for x, y in zip(p, q)):
              pairs += 1
  descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
  os.write(descriptor, (str(pairs) + '\\n').encode())
  if pairs == int(bad):
      sys.exit('this arrangement is refused')
  json.dump({'energy_eV': energy + 0.1 * pairs, 'forces_eV_A': forces,
             'stress_eV_A3': [[0.0] * 3] * 3}, open(target, 'w'))

  """

private let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains {
  FileManager.default.isExecutableFile(atPath: $0)
}

@Suite struct EvaluatedSearchTests {
  private func specification(
    in folder: String, _ evaluation: EvaluationSpecification, generations: Int = 6
  ) throws -> GASpecification {
    let problem = "\(folder)/problem.yaml"
    try smallProblem.write(toFile: problem, atomically: true, encoding: .utf8)
    var specification = GASpecification(seed: 5)
    specification.problem = problem
    specification.generations = generations
    specification.parameters.population = 6
    specification.parameters.refinement = 0
    specification.parameters.start = .random
    specification.evaluation = evaluation
    return specification
  }

  private var relaxedIons: EvaluationSpecification {
    var evaluation = EvaluationSpecification(model: "lewis-catlow")
    evaluation.relaxing = .ions
    return evaluation
  }

  private func springEngine(
    _ folder: String, bad: Int = -1, clients: Int = 1, log: String = "log"
  ) throws -> EvaluationSpecification {
    try springs.write(toFile: "\(folder)/springs.py", atomically: true, encoding: .utf8)
    var engine = EngineSpecification(
      "command:python3 \(folder)/springs.py \(folder)/\(log) \(bad) {in} {out}")
    engine.limits.clients = clients
    engine.limits.attempts = 2
    return EvaluationSpecification(engine: engine)
  }

  private func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test(
    "relaxed energies are those of a relaxation by itself, and the atoms are where it puts them")
  func agreesWithRelaxation() async throws {
    try await withTemporaryFolder { folder in
      let search = try GeneticSearch(specification(in: folder, relaxedIons, generations: 1))
      let out = try OutputFolder("\(folder)/out")
      let result = try #require(try await search(in: out, threads: 2).first)
      var energy = EnergySpecification(structure: out.file("structures/001.extxyz"))
      energy.model = "lewis-catlow"
      var relaxation = RelaxSpecification(energy: energy)
      relaxation.force = 0.05
      let place = try OutputFolder("\(folder)/alone")
      let alone = try RelaxRun(relaxation)(in: place)
      let object = try JSONSerialization.jsonObject(with: Data(place.read("summary.json").utf8))
      let summary = try #require(object as? [String: Any])
      let (before, after) = (summary["energy_before_eV"], summary["energy_eV"])
      #expect(abs(try #require(after as? Double) - result.energy) < 1e-6)
      #expect(try #require(before as? Double) > result.energy + 1, "it relaxes at all")
      let relaxed = try StructureFile.read(out.file("structures/001-relaxed.extxyz")).structure
      #expect(relaxed.labels?.contains("8a") == true)
      for (a, b) in zip(relaxed.positions, alone.structure.positions) {
        #expect(length(a.components - b.components) < 1e-6)
      }
      #expect(result.evaluated?.figures.evaluated == result.evaluations - result.duplicates)
      #expect(result.evaluated?.figures.not_converged == 0)
    }
  }

  @Test("the same bytes for one thread and for three")
  func threads() async throws {
    try await withTemporaryFolder { folder in
      let search = try GeneticSearch(specification(in: folder, relaxedIons))
      let one = try OutputFolder("\(folder)/one")
      _ = try await search(in: one, threads: 1)
      let three = try OutputFolder("\(folder)/three")
      _ = try await search(in: three, threads: 3)
      #expect(try filesWithoutManifest(one.path).count > 10)
      #expect(try filesWithoutManifest(one.path) == filesWithoutManifest(three.path))
    }
  }

  @Test("a search that was stopped and resumed ends with the same bytes", arguments: [0, 2])
  func resume(stopAfter: Int) async throws {
    try await withTemporaryFolder { folder in
      let search = try GeneticSearch(specification(in: folder, relaxedIons))
      let whole = try OutputFolder("\(folder)/whole")
      _ = try await search(in: whole, threads: 2)
      let broken = try OutputFolder("\(folder)/broken")
      var generation = 0
      await #expect(throws: GARun.Interrupted.self) {
        _ = try await search(
          in: broken, threads: 2, progress: { generation = $0.generation },
          shouldStop: { generation >= stopAfter })
      }
      let resumed = try GeneticSearch(resuming: OutputFolder(broken.path, existing: .resume))
      _ = try await resumed(in: broken, threads: 1)
      #expect(try filesWithoutManifest(whole.path) == filesWithoutManifest(broken.path))
    }
  }

  @Test(
    "no arrangement is evaluated twice, also after an interruption in the middle of a generation",
    .enabled(if: hasPython))
  func evaluatesOnce() async throws {
    try await withTemporaryFolder { folder in
      let search = try GeneticSearch(specification(in: folder, springEngine(folder)))
      let whole = try OutputFolder("\(folder)/whole")
      let result = try #require(try await search(in: whole, threads: 1).first)
      let calls = try lines("\(folder)/log").count
      #expect(calls == result.evaluated?.figures.evaluated)
      #expect(calls == result.evaluations - result.duplicates)
      #expect(result.duplicates > 0, "copies were met, and cost nothing")

      try FileManager.default.removeItem(atPath: "\(folder)/log")
      let broken = try OutputFolder("\(folder)/broken")
      var done = 0
      await #expect(throws: GARun.Interrupted.self) {
        _ = try await search(
          in: broken, threads: 1, progress: { done = $0.evaluated.done },
          shouldStop: { done >= 1 })
      }
      let before = try lines("\(folder)/log").count
      let resumed = try GeneticSearch(resuming: OutputFolder(broken.path, existing: .resume))
      _ = try await resumed(in: broken, threads: 1)
      #expect(before > 0)
      #expect(try lines("\(folder)/log").count == calls, "what was evaluated before is kept")
      #expect(try filesWithoutManifest(whole.path) == filesWithoutManifest(broken.path))
    }
  }

  @Test("relaxations share the clients of an engine, with the same bytes", .enabled(if: hasPython))
  func clients() async throws {
    try await withTemporaryFolder { folder in
      var files: [[String: Data]] = []
      for clients in [1, 3] {
        // The same command line, as it stands in the results.
        var evaluation = try springEngine(folder, clients: clients)
        evaluation.relaxing = .ions
        evaluation.force = 1e-3
        let search = try GeneticSearch(specification(in: folder, evaluation, generations: 1))
        let out = try OutputFolder("\(folder)/out\(clients)")
        let result = try #require(try await search(in: out, threads: 1).first)
        // All springs relax: what is left are the neighbours.
        let pairs = result.energy / 0.1
        #expect(abs(pairs - pairs.rounded()) < 1e-4)
        files.append(try filesWithoutManifest(out.path))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test(
    "an arrangement that fails is recorded with its reason, and the search goes on",
    .enabled(if: hasPython))
  func failure() async throws {
    try await withTemporaryFolder { folder in
      let search = try GeneticSearch(specification(in: folder, springEngine(folder, bad: 0)))
      let out = try OutputFolder("\(folder)/out")
      let result = try #require(try await search(in: out, threads: 1).first)
      let failed = try #require(result.evaluated?.figures.failed)
      #expect(failed.count == 1)
      #expect(failed.first?.reason.contains("this arrangement is refused") == true)
      #expect(result.energy > 0.05, "the arrangement without neighbours would be best")
      #expect(result.generation == 6)
      // Two attempts, and never again.
      #expect(try lines("\(folder)/log").count { $0 == "0" } == 2)
      #expect(try out.read("report.html").contains("this arrangement is refused"))
      #expect(try out.read("history.csv").contains("failed"))
    }
  }

  @Test("what an engine failed on is tried again when a run goes on", .enabled(if: hasPython))
  func failedBefore() async throws {
    try await withTemporaryFolder { folder in
      let evaluation = try springEngine(folder, bad: 0)
      let search = try GeneticSearch(specification(in: folder, evaluation))
      let whole = try OutputFolder("\(folder)/whole")
      let failing = try #require(try await search(in: whole, threads: 1).first)
      #expect(failing.evaluated?.figures.failed.count == 1 && failing.energy > 0.05)
      let attempts = try lines("\(folder)/log").count { $0 == "0" }

      // It fails again: the same bytes as without an interruption.
      let broken = try OutputFolder("\(folder)/broken")
      var generation = 0
      await #expect(throws: GARun.Interrupted.self) {
        _ = try await search(
          in: broken, threads: 1, progress: { generation = $0.generation },
          shouldStop: { generation >= 4 })
      }
      let before = try lines("\(folder)/log").count { $0 == "0" } - attempts
      try #require(before == attempts, "it had failed when the run was stopped")
      _ = try await GeneticSearch(resuming: OutputFolder(broken.path, existing: .resume))(
        in: broken, threads: 1)
      #expect(try lines("\(folder)/log").count { $0 == "0" } == 3 * attempts)
      #expect(try filesWithoutManifest(whole.path) == filesWithoutManifest(broken.path))

      // It works now, and is the best of all.
      try springs.replacing("pairs == int(bad)", with: "False")
        .write(toFile: "\(folder)/springs.py", atomically: true, encoding: .utf8)
      let resumed = try await GeneticSearch(
        resuming: OutputFolder(whole.path, existing: .resume))(in: whole, threads: 1)
      let result = try #require(resumed.first)
      #expect(result.evaluated?.figures.failed.isEmpty == true)
      #expect(result.energy < failing.energy - 0.05)

      var ranking = RankSpecification()
      ranking.problem.problem = "\(folder)/problem.yaml"
      ranking.evaluation = evaluation
      let ranked = try OutputFolder("\(folder)/rank")
      _ = try springEngine(folder, bad: 0)
      let first = try await RankRun(ranking)(in: ranked, threads: 1)
      #expect(first.evaluated?.summary.figures.failed.count == 1)
      try springs.replacing("pairs == int(bad)", with: "False")
        .write(toFile: "\(folder)/springs.py", atomically: true, encoding: .utf8)
      let second = try await RankRun(ranking)(in: ranked, threads: 1)
      #expect(second.evaluated?.summary.figures.failed.isEmpty == true)
    }
  }

  @Test("an engine that always fails ends the search with its reason", .enabled(if: hasPython))
  func hopeless() async throws {
    try await withTemporaryFolder { folder in
      var evaluation = EvaluationSpecification(
        engine: EngineSpecification("command:false {in} {out}"))
      evaluation.engine?.limits.attempts = 1
      let search = try GeneticSearch(specification(in: folder, evaluation))
      let error = await #expect(throws: InputError.self) {
        _ = try await search(in: OutputFolder("\(folder)/out"), threads: 1)
      }
      #expect(error?.message.contains("first generation") == true)
    }
  }

  @Test("the prescreen passes on the lowest candidates, no two of them alike")
  func prescreen() async throws {
    try await withTemporaryFolder { folder in
      var specification = try specification(in: folder, relaxedIons, generations: 0)
      let plain = try OutputFolder("\(folder)/plain")
      let all = try #require(
        try await GeneticSearch(specification)(in: plain, threads: 1).first)
      specification.prescreen = 4
      let out = try OutputFolder("\(folder)/out")
      let screened = try #require(
        try await GeneticSearch(specification)(in: out, threads: 1).first)
      #expect(all.duplicates > 0)
      #expect(screened.duplicates == 0)
      // The optimum of the lattice energy of this cell, which six random ones may miss.
      #expect(screened.energy <= all.energy)
      let file = try ProblemFile(parsing: smallProblem, file: "x")
      let space = try SearchSpace(
        ArrangementProblem(file.specification), potentials: nil)
      let lattice = screened.best.map { space.energy($0.genes) }
      #expect(abs((lattice.min() ?? 0) + 1931.7426) < 1e-4)
    }
  }

  @Test("settings that make no sense are refused")
  func refusals() async throws {
    try await withTemporaryFolder { folder in
      let base = try specification(in: folder, relaxedIons)
      func refuse(_ words: String, _ change: (inout GASpecification) -> Void) {
        var specification = base
        change(&specification)
        let error = #expect(throws: (any Error).self) { try GeneticSearch(specification) }
        #expect("\(error as Any)".contains(words), "\(words)")
      }
      refuse("--prescreen") { $0.prescreen = 0 }
      refuse("--prescreen") {
        $0.evaluation = nil
        $0.prescreen = 2
      }
      refuse("--learn") { $0.learn = true }
      refuse("--refine") { $0.parameters.refinement = 5 }
      refuse("--sweep") {
        $0.sweep = "Mg{x}Mn2O4"
        $0.x = ["0", "1"]
        $0.evaluation = EvaluationSpecification(engine: EngineSpecification("ipi:name"))
      }
      for engine in ["ipi:name", "ipi:31415", "ipi:./client {socket}"] {
        refuse("--engine-structure") {
          $0.evaluation = EvaluationSpecification(engine: EngineSpecification(engine))
        }
      }
      for engine in ["lammps", "lammps:4"] {
        refuse("write --energy lattice") {
          $0.evaluation = EvaluationSpecification(engine: EngineSpecification(engine))
        }
      }
      refuse("pedone2006") { $0.evaluation = EvaluationSpecification(model: "pedone200") }
      refuse("bks") { $0.evaluation = EvaluationSpecification(model: "bks") }
      refuse("--relax") { $0.evaluation?.model = "ewald" }
      refuse("--force-tolerance") { $0.evaluation?.force = -1 }
      refuse("--relax-steps") { $0.evaluation?.steps = 0 }
      refuse("--energy") { $0.evaluation?.engine = EngineSpecification("ase:emt") }
    }
  }

  @Test("a learned model is fitted every generation, with the same bytes after an interruption")
  func learning() async throws {
    try await withTemporaryFolder { folder in
      var specification = try specification(in: folder, relaxedIons, generations: 4)
      try mixedProblem.write(
        toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      specification.parameters.population = 8
      specification.prescreen = 4
      specification.learn = true
      let search = try GeneticSearch(specification)
      let whole = try OutputFolder("\(folder)/whole")
      let result = try #require(try await search(in: whole, threads: 2).first)
      #expect(result.learning.map(\.generation) == [0, 1, 2, 3, 4])
      #expect(result.learning.last?.points == result.evaluated?.figures.evaluated)
      let history = try lines(whole.file("history.csv"))
      #expect(history[0].hasSuffix("cross_validated_error_meV_per_atom,spread_meV_per_atom"))
      #expect(try whole.read("report.html").contains("cross-validated error"))
      // Interrupted in the middle of a generation: what it has evaluated must not change the fit.
      for generation in [0, 2] {
        let broken = try OutputFolder("\(folder)/broken\(generation)")
        var isInside = false
        await #expect(throws: GARun.Interrupted.self) {
          _ = try await search(
            in: broken, threads: 1,
            progress: { isInside = $0.generation == generation && $0.evaluated.done >= 3 },
            shouldStop: { isInside })
        }
        let resumed = try GeneticSearch(resuming: OutputFolder(broken.path, existing: .resume))
        _ = try await resumed(in: broken, threads: 2)
        #expect(try filesWithoutManifest(whole.path) == filesWithoutManifest(broken.path))
      }
    }
  }

  @Test("a file of potentials is read once, and another one is refused when the run goes on")
  func changedPotentials() async throws {
    try await withTemporaryFolder { folder in
      let file = "\(folder)/mine.yaml"
      let shipped = try PotentialLibrary.set(named: "lewis-catlow").text
      try shipped.write(toFile: file, atomically: true, encoding: .utf8)
      var evaluation = relaxedIons
      evaluation.model = file
      let search = try GeneticSearch(specification(in: folder, evaluation, generations: 1))
      var ranking = RankSpecification()
      ranking.problem.problem = "\(folder)/problem.yaml"
      ranking.evaluation = evaluation
      let rank = try RankRun(ranking)
      var anneal = AnnealSpecification(seed: 1)
      anneal.problem.problem = "\(folder)/problem.yaml"
      anneal.temperatures = [2000, 20000]
      anneal.equilibration = 1
      anneal.rounds = 2
      anneal.evaluation = evaluation
      let tempering = try AnnealRun(anneal)

      let other = shipped.replacing("name: lewis-catlow", with: "name: other")
      try #require(other != shipped)
      try other.write(toFile: file, atomically: true, encoding: .utf8)
      let places = try ["ga", "rank", "anneal"].map { try OutputFolder("\(folder)/\($0)") }
      let result = try #require(try await search(in: places[0], threads: 1).first)
      #expect(result.caveat.contains("(lewis-catlow)"))
      _ = try await rank(in: places[1], threads: 1)
      // Resumable, as if it had been broken off.
      try places[1].write("{}", to: RankRun.stateName)
      _ = try await tempering(in: places[2], threads: 1)
      for resume in [
        { _ = try GeneticSearch(resuming: places[0]) }, { _ = try RankRun(resuming: places[1]) },
        { _ = try AnnealRun(resuming: places[2]) },
      ] as [() throws -> Void] {
        let error = #expect(throws: InputError.self) { try resume() }
        #expect(error?.message == "the file has changed since the run began")
        #expect(error?.location == file)
      }
      try shipped.write(toFile: file, atomically: true, encoding: .utf8)
      _ = try GeneticSearch(resuming: places[0])
    }
  }

  @Test(
    "an engine that fails leaves the ranking and the anneal, and a run that goes on",
    .enabled(if: hasPython))
  func failingEngine() async throws {
    try await withTemporaryFolder { folder in
      var evaluation = try springEngine(folder)
      evaluation.relaxing = .cell
      try smallProblem.write(
        toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      var ranking = RankSpecification()
      ranking.problem.problem = "\(folder)/problem.yaml"
      ranking.evaluation = evaluation
      var anneal = AnnealSpecification(seed: 1)
      anneal.problem.problem = "\(folder)/problem.yaml"
      anneal.temperatures = [2000, 20000]
      anneal.equilibration = 2
      anneal.rounds = 4
      anneal.evaluation = evaluation
      let wholes = try ["rank", "anneal"].map { try OutputFolder("\(folder)/\($0)") }
      _ = try await RankRun(ranking)(in: wholes[0], threads: 1)
      _ = try await AnnealRun(anneal)(in: wholes[1], threads: 1)

      // The same program without its stress, which a cell cannot do without.
      let script = "\(folder)/springs.py"
      try springs.replacing("'stress_eV_A3'", with: "'nothing'")
        .write(toFile: script, atomically: true, encoding: .utf8)
      let broken = try ["rank2", "anneal2"].map { try OutputFolder("\(folder)/\($0)") }
      let failures = [
        await #expect(throws: InputError.self) {
          _ = try await RankRun(ranking)(in: broken[0], threads: 1)
        },
        await #expect(throws: InputError.self) {
          _ = try await AnnealRun(anneal)(in: broken[1], threads: 1)
        },
      ]
      for error in failures { #expect(error?.hint?.contains("--resume") == true) }
      #expect(try broken[0].read("ranking.csv") == wholes[0].read("ranking.csv"))
      #expect(try broken[1].read("occupancy.csv") == wholes[1].read("occupancy.csv"))

      try springs.write(toFile: script, atomically: true, encoding: .utf8)
      _ = try await RankRun(resuming: OutputFolder(broken[0].path, existing: .resume))(
        in: broken[0], threads: 1)
      _ = try await AnnealRun(resuming: OutputFolder(broken[1].path, existing: .resume))(
        in: broken[1], threads: 1)
      for (one, other) in zip(wholes, broken) {
        #expect(one.has("evaluated.csv"))
        #expect(try filesWithoutManifest(one.path) == filesWithoutManifest(other.path))
      }
    }
  }

  @Test("a ranking evaluates its list in both orders, the same for any number of threads")
  func ranking() async throws {
    try await withTemporaryFolder { folder in
      try smallProblem.write(
        toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      var specification = RankSpecification()
      specification.problem.problem = "\(folder)/problem.yaml"
      specification.evaluation = relaxedIons
      var files: [[String: Data]] = []
      for threads in [1, 3] {
        let out = try OutputFolder("\(folder)/out\(threads)")
        let result = try await RankRun(specification)(in: out, threads: threads)
        let evaluated = try #require(result.evaluated)
        #expect(evaluated.summary.figures.evaluated == 4)
        // The lowest in electrostatics is the highest with relaxed atoms.
        let rows = try lines(out.file("evaluated.csv"))
        #expect(rows.count == 5)
        for (row, lattice) in zip(rows.dropFirst(), [4, 3, 2, 1]) {
          #expect(row.contains("structures/00\(lattice)-relaxed.extxyz,\(5 - lattice),\(lattice),"))
        }
        let energies = try lines(out.file("energies.csv"))
        #expect(zip(energies, rows).allSatisfy { $1.hasPrefix($0) } && energies.count == 5)
        #expect(out.has("structures/004-relaxed.vasp"))
        files.append(try filesWithoutManifest(out.path))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test("an anneal evaluates its lowest, of one composition only")
  func annealing() async throws {
    try await withTemporaryFolder { folder in
      try smallProblem.write(
        toFile: "\(folder)/problem.yaml", atomically: true, encoding: .utf8)
      var specification = AnnealSpecification(seed: 1)
      specification.problem.problem = "\(folder)/problem.yaml"
      specification.temperatures = [2000, 20000]
      specification.equilibration = 5
      specification.rounds = 20
      specification.evaluation = relaxedIons
      let out = try OutputFolder("\(folder)/out")
      let result = try await AnnealRun(specification)(in: out, threads: 1)
      #expect(result.evaluated?.summary.figures.evaluated == result.entries.count)
      #expect(try lines(out.file("evaluated.csv")).count == 1 + result.entries.count)
      #expect(try lines(out.file("energies.csv"))[1].contains("lewis-catlow, atoms relaxed"))
      specification.objective = .sqs
      specification.temperatures = []
      let errors = #expect(throws: InputErrors.self) { try AnnealRun(specification) }
      #expect("\(errors as Any)".contains("--energy"))
    }
  }
}

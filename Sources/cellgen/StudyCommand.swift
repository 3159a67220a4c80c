import ArgumentParser
import Workflow

/// `cellgen study`.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Runs a chain of commands from one file; what is up to date is skipped.",
    discussion: """
      The file lists commands as they would be typed, each with its --out. Everything happens in one \
      folder: files under "files" are copied there, or written if their text is given.

        title: Arrangements of Mg in a spinel
        values: {cell: 2x1x1}
        files:
          problem.yaml: |
            parent: spinel/host.extxyz
            allowed: {8a: [Mg, Va]}
            composition: Mg0.5Mn2O4
            oxidation: {Mg: 2, O: -2, Mn: auto}
        steps:
          - run: spinel --A Mg --B Mn --supercell {cell} --out spinel
          - run: rank problem.yaml --top {top} --out rank-{top}
            for: {top: [1, 5]}
            needs: [spinel]
          - run: hull rank-*/energies.csv --out hull

      A step runs again if its command or the contents of a file or folder that it names have changed. \
      A study that was interrupted goes on with the same command. Patterns such as rank-* stand for \
      all that match; no shell sees the lines.

      Examples:

        cellgen study study.yaml
        cellgen study study.yaml --dry-run
      """)

  @Argument(help: ArgumentHelp("The study, in YAML.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("Folder for everything (default: study).", valueName: "folder"))
  var out = "study"

  @Flag(help: "Say what would run and why, and end.")
  var dryRun = false

  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  @Flag(help: "Print no progress and no remarks.")
  var quiet = false

  func run() throws {
    let console = Console(quiet: quiet)
    var run = try StudyRun(file, out: out)
    if dryRun {
      let forecast = try run.forecast()
      if json {
        print(try jsonText(StudyRun.json(forecast)), terminator: "")
        return
      }
      for step in forecast {
        print(step.reason.map { "run   \(step.line)   (\($0))" } ?? "skip  \(step.line)")
      }
      return
    }
    let count = run.count
    var events: [StudyRun.Event] = []
    let status = try run.run(quiet: json || quiet) { event in
      events.append(event)
      switch event {
      case .skipped(let number, let line):
        console.note("step \(number) of \(count), up to date: \(line)")
      case .began(let number, let line, let reason):
        console.note("step \(number) of \(count), \(reason): \(line)")
      case .ended(let number, let status, let seconds):
        if status == 2 { console.warn("step \(number) ended with remarks; the study goes on") }
        if status != 0, status != 2 {
          console.warn(
            "step \(number) ended with exit status \(status) after \(duration(seconds)); the same "
              + "command goes on from here")
        }
      }
    }
    if json {
      print(try jsonText(StudyRun.json(events, status: status)), terminator: "")
    } else if status == 0 || status == 2 {
      print("\(run.study.title): \(count) steps up to date in \(run.folder.path)/")
    }
    if status != 0 { throw ExitCode(status) }
  }
}

public import Crystal
internal import Engines
internal import Foundation

/// The script of a job array: what it asks the scheduler for, and the line that runs one calculation.
public struct JobTemplate: Sendable {
  /// The script that comes with cellgen.
  public static var shipped: String {
    String(decoding: PackageResources.slurm_sh, as: UTF8.self)
  }

  /// The variables of a template.
  static let variables = [
    "nodes", "tasks", "cpus", "time", "account", "partition", "modules", "run",
  ]

  private let text: String
  private let file: String

  /// A template.
  ///
  /// - Parameters:
  ///   - text: In the language of ``DeckTemplate``.
  ///   - file: Its name, for messages.
  public init(_ text: String, file: String) {
    self.text = text
    self.file = file
  }

  /// The script of a job array.
  ///
  /// The same script serves on this machine, where the lines of `#SBATCH` are comments.
  ///
  /// - Parameters:
  ///   - settings: What a job is given.
  ///   - seconds: Wall time at most, s; nil for no limit.
  ///   - folder: The folder of the array.
  /// - Returns: The text of the script.
  /// - Throws: ``InputError`` with file and line for a mistake of the template, or if it does not run the
  ///   calculation.
  public func script(
    _ settings: JobSettings, seconds: Int?, folder: String
  ) throws(InputError) -> String {
    let task = settings.scheduler == .slurm ? "SLURM_ARRAY_TASK_ID" : JobTemplate.taskVariable
    let run =
      "/bin/bash \(CommandTemplate.quoted("\(folder)/\(TaskScript.name)")) \"$\(task)\""
    let script = try DeckTemplate(text, file: file).rendered([
      "nodes": .text(settings.nodes.map(String.init) ?? ""), "tasks": .text("\(settings.tasks)"),
      "cpus": .text("\(settings.cpus)"), "time": .text(seconds.map(JobTime.text) ?? ""),
      "account": .text(settings.account ?? ""), "partition": .text(settings.partition ?? ""),
      "modules": .list(settings.modules.map(CommandTemplate.quoted)), "run": .text(run),
    ])
    guard script.contains(run) else {
      throw InputError(
        "the template runs no calculation", at: file, hint: "add a line with {{ run }}")
    }
    guard script.hasPrefix("#!") else {
      throw InputError(
        "the first line names no shell", at: "\(file):1", hint: "begin with #!/bin/bash")
    }
    return script
  }

  /// The variable that tells a job on this machine its number.
  static let taskVariable = "CELLGEN_TASK"
}

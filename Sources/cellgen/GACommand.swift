import ArgumentParser
import Workflow

/// `cellgen ga`.
struct GACommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ga", abstract: "Search arrangements with a genetic algorithm.")

  @OptionGroup var output: OutputOptions

  func run() async throws {}
}

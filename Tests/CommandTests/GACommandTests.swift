import CellgenTestSupport
import Foundation
import Testing

@Suite struct GACommandTests {
  @Test(
    "a search that goes on takes no settings but those of its folder",
    arguments: [
      ["problem.yaml"], ["--refine", "3"], ["--start", "random"], ["--mutation", "0.1"],
      ["--population", "24"], ["--elites", "3"], ["--survival", "0.6"], ["--two-point", "0.4"],
      ["--uniform", "0.4"], ["--splice", "0.1"], ["--plateau", "100"], ["--top", "5"], ["--round"],
      ["--allow-charge"], ["--prescreen", "1"], ["--seed", "1"], ["--energy", "lattice"],
      ["--force"], ["--out", "b"],
    ])
  func resume(options: [String]) throws {
    try Program.inFolder { cellgen in
      try cellgen.expectRefusal(
        ["ga", "--resume", "ga"] + options, status: 64,
        saying: "--resume takes all settings from the folder")
    }
  }

  @Test("the help")
  func help() throws {
    try Program.inFolder { cellgen in
      try expectGolden(try cellgen("ga", "--help").output, "ga-help.txt", in: dataFolder())
    }
  }
}

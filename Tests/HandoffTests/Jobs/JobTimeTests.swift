import Handoff
import Testing

@Suite struct JobTimeTests {
  @Test(
    "times are read as Slurm reads them",
    arguments: [
      ("90", 5400), ("30:00", 1800), ("2:00:00", 7200), ("0:30", 30), ("1-0", 86_400),
      ("1-12", 129_600), ("1-12:30", 131_400), ("2-00:00:05", 172_805),
    ])
  func reading(text: String, seconds: Int) {
    #expect(JobTime.seconds(text) == seconds)
    #expect(JobTime.seconds(JobTime.text(seconds)) == seconds)
  }

  @Test(
    "other texts are no times",
    arguments: [
      "", "0", "-1", "2h", "1:2:3:4", "1--2", "1:", ":30", "1.5", "9999999", "400-0", "٣",
    ])
  func refused(text: String) { #expect(JobTime.seconds(text) == nil) }

  @Test func written() {
    #expect(JobTime.text(7205) == "2:00:05")
    #expect(JobTime.text(131_400) == "1-12:30:00")
  }
}

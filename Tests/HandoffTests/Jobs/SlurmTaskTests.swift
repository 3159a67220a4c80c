@testable import Handoff
import Testing

@Suite struct SlurmTaskTests {
  @Test("tasks of job arrays are read, and nothing else")
  func tasks() {
    let text = """
      cellgen-a-1|21_5|CANCELLED|None
      cellgen-a-1|21_12|PENDING|(Resources, x|y)
      cellgen-a-1|21_[6-9%2]|PENDING|JobArrayTaskLimit
      other|22|RUNNING|None
      slurm_load_jobs error: nothing

      cellgen-a-2|30_1|TIMEOUT |TimeLimit
      """
    let tasks = SlurmTask.tasks(in: text)
    #expect(tasks.map(\.job) == ["21", "21", "30"])
    #expect(tasks.map(\.task) == [5, 12, 1])
    #expect(tasks.map(\.ending) == [.killed, nil, .timedOut])
    #expect(tasks[1].reason == "(Resources, x|y)" && !tasks[1].isRunning)
  }

  @Test(
    "the number of a job is read",
    arguments: [
      ("17\n", "17"), ("17;cluster\n", "17"), ("remark\n18\n", "18"), ("", nil),
      ("Submitted batch job\n", nil), ("17 18", nil),
    ])
  func job(text: String, number: String?) {
    // Digits with a space between them are no number.
    #expect(SlurmTask.job(in: text) == number)
  }

  @Test("every state either goes on or has an ending")
  func states() {
    func task(_ state: String) -> SlurmTask {
      SlurmTask(name: "a", job: "1", task: 1, state: state, reason: "")
    }
    for state in ["RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "STAGE_OUT"] {
      #expect(task(state).isRunning && task(state).ending == nil, "\(state)")
    }
    for state in ["PENDING", "CONFIGURING", "REQUEUED"] {
      #expect(!task(state).isRunning && task(state).ending == nil, "\(state)")
    }
    #expect(task("OUT_OF_MEMORY").ending == .outOfMemory)
    #expect(task("NODE_FAIL").ending == .nodeFailed)
    #expect(task("FAILED").ending == .killed)
  }

  @Test("the log says why Slurm ended a job")
  func logs() {
    let head = "slurmstepd-vm: error: *** JOB 22 ON vm CANCELLED AT 2026-11-22T01:07:12"
    #expect(SlurmTask.ending(inLog: "x\n\(head) DUE TO TIME LIMIT ***\n") == .timedOut)
    #expect(SlurmTask.ending(inLog: "\(head) DUE TO NODE FAILURE ***\n") == .nodeFailed)
    #expect(SlurmTask.ending(inLog: "\(head) ***\n") == .killed)
    #expect(SlurmTask.ending(inLog: "*** stars of a program ***\n") == nil)
  }
}

import Crystal
import Handoff
import Testing

@Suite struct JobTemplateTests {
  private let shipped = JobTemplate(JobTemplate.shipped, file: "slurm.sh")

  @Test("the script has a line for everything that is asked for, and no other")
  func full() throws {
    var settings = JobSettings()
    settings.nodes = 2
    settings.tasks = 64
    settings.cpus = 4
    settings.account = "mg-battery"
    settings.partition = "long"
    settings.modules = ["gcc/13.2", "qe/7.3"]
    #expect(
      try shipped.script(settings, seconds: 7200, folder: "/scratch/it's") == #"""
        #!/bin/bash
        # cellgen gives name, array and log of the jobs to sbatch as arguments.
        #SBATCH --nodes=2
        #SBATCH --ntasks=64
        #SBATCH --cpus-per-task=4
        #SBATCH --time=2:00:00
        #SBATCH --account=mg-battery
        #SBATCH --partition=long

        export OMP_NUM_THREADS=4
        module load gcc/13.2 || exit 2
        module load qe/7.3 || exit 2
        /bin/bash '/scratch/it'\''s/task.sh' "$SLURM_ARRAY_TASK_ID"

        """#)
    #expect(
      try shipped.script(JobSettings(), seconds: nil, folder: "/a") == #"""
        #!/bin/bash
        # cellgen gives name, array and log of the jobs to sbatch as arguments.
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=1

        export OMP_NUM_THREADS=1
        /bin/bash /a/task.sh "$SLURM_ARRAY_TASK_ID"

        """#)
  }

  @Test(
    "a template with a mistake is refused with file and line",
    arguments: [
      ("#!/bin/bash\n\n#SBATCH -t {{ tyme }}\n{{ run }}\n", "my.sh:3: unknown variable \"tyme\""),
      ("#!/bin/bash\n{% if time %}\n{{ run }}\n", "my.sh"),
      ("#!/bin/bash\npw.x -in pw.in\n", "my.sh: the template runs no calculation"),
      ("module load qe\n{{ run }}\n", "my.sh:1: the first line names no shell"),
    ])
  func mistakes(text: String, message: String) {
    #expect {
      try JobTemplate(text, file: "my.sh").script(JobSettings(), seconds: nil, folder: "/a")
    } throws: {
      "\($0)".hasPrefix(message)
    }
  }

  @Test("settings that a shell or Slurm would interpret are refused, all at once")
  func settings() {
    var settings = JobSettings()
    settings.account = "a\n#SBATCH --nodes=9"
    settings.partition = "$(touch pwned)"
    settings.modules = ["qe; rm x", "-f"]
    settings.tasks = 0
    settings.atOnce = 0
    settings.retries = -1
    settings.timeFactor = .nan
    settings.command = " "
    #expect {
      try settings.validate()
    } throws: { error in
      let places = (error as? InputErrors)?.problems.compactMap(\.location)
      return places == [
        "--tasks", "--at-once", "--retries", "--time-factor", "--account", "--partition",
        "--modules", "--modules", "--command",
      ]
    }
    #expect(throws: Never.self) { try JobSettings().validate() }
  }
}

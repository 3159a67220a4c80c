internal import Engines

/// One attempt at one calculation, as a job array runs it.
public struct JobTask: Hashable, Sendable {
  /// The calculation folder, an absolute path.
  public var folder: String
  /// The number of the attempt, from 1.
  public var attempt: Int
  /// A line for the shell.
  public var command: String
  /// The file for what the command prints, which must not be empty; nil for the log of the attempt.
  public var printed: String?

  /// An attempt.
  public init(folder: String, attempt: Int, command: String, printed: String?) {
    self.folder = folder
    self.attempt = attempt
    self.command = command
    self.printed = printed
  }
}

/// The script `task.sh` of a job array: `task.sh NUMBER` runs one of its tasks.
public enum TaskScript {
  /// The name of the file.
  public static let name = "task.sh"

  /// The script of some tasks, numbered from 1.
  ///
  /// Paths and names stand in single quotes, whatever characters they have; the commands are the only
  /// lines that a shell interprets.
  public static func text(_ tasks: [JobTask]) -> String {
    let cases = tasks.enumerated().map { number, task in
      let values = [
        ("folder", task.folder), ("attempt", "\(task.attempt)"), ("printed", task.printed ?? ""),
        ("command", task.command),
      ]
      let words = values.map { "\($0.0)=\(CommandTemplate.quoted($0.1))" }
      return "\(number + 1)) \(words.joined(separator: " ")) ;;\n"
    }
    return head + cases.joined() + tail
  }

  /// The line for the shell that runs a program with its arguments as they are.
  public static func command(_ words: [String]) -> String {
    words.map(CommandTemplate.quoted).joined(separator: " ")
  }

  private static let head = #"""
    #!/bin/bash
    # Written by cellgen: `task.sh NUMBER` runs one attempt at one calculation.
    #
    # Whoever makes the folder job/ATTEMPT in the calculation folder owns the attempt. It can be made once
    # only, so that no attempt runs twice, however often it was submitted. The files started and exit in it
    # appear whole or not at all.
    case "$1" in

    """#

  private static let tail = #"""
    *) echo "cellgen: there is no task \"$1\"" >&2; exit 2 ;;
    esac
    cd -- "$folder" || exit 2
    for ending in job/*/exit; do
      if [ -f "$ending" ] && [ "$(cat "$ending")" = 0 ]; then
        echo "cellgen: nothing to do, done by ${ending%/exit}"
        exit 0
      fi
    done
    mkdir -p job || exit 2
    mine=job/$attempt
    if ! mkdir "$mine" 2>/dev/null; then
      [ -d "$mine" ] || { echo "cellgen: $mine cannot be made in $folder" >&2; exit 2; }
      echo "cellgen: nothing to do, $mine has another owner"
      exit 0
    fi
    put() { printf '%s\n' "$2" >"$mine/$1.part" && mv -f "$mine/$1.part" "$mine/$1"; }
    # When this process began tells it from a later one of the same number.
    if [ -r /proc/$$/stat ]; then
      began=$(cat /proc/$$/stat)
      set -- ${began##*) }
      began=${20}
    else
      began=$(LC_ALL=C ps -o lstart= -p $$)
    fi
    put started "host $(uname -n)
    pid $$
    began $began
    job ${SLURM_ARRAY_JOB_ID:-}" || exit 2
    if [ -n "$printed" ]; then
      /bin/bash -c "$command" </dev/null >"$printed" 2>"$mine/log"
    else
      /bin/bash -c "$command" </dev/null >"$mine/log" 2>&1
    fi
    status=$?
    if [ "$status" = 0 ] && [ -n "$printed" ] && [ ! -s "$printed" ]; then status=empty; fi
    put exit "$status" || exit 2
    [ "$status" = 0 ]

    """#
}

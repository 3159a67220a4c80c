import Crystal
import Handoff
import Workflow

/// Shows how far jobs are, with rate and time left.
struct JobMeter {
  let console: Console
  private let began = ContinuousClock.now
  private var shown: ContinuousClock.Instant?
  private var lastText = ""
  private var first: Int?

  init(console: Console) { self.console = console }

  /// Shows a state, if it is new and the last one was shown long enough.
  mutating func show(_ progress: SubmitProgress) {
    let now = ContinuousClock.now
    let done = progress.count(.done)
    let before = first ?? done
    first = before
    if let shown, (now - shown) / .seconds(1) < console.progressInterval, progress.left > 0 {
      return
    }
    var text = progress.summary
    let rate = Double(done - before) / ((now - began) / .seconds(1))
    let left = progress.left
    if rate > 0, left > 0 {
      text += ", \(fixed(rate * 60, 1)) per minute, about \(duration(Double(left) / rate)) left"
    }
    guard text != lastText else { return }
    (shown, lastText) = (now, text)
    console.progress(text)
  }
}

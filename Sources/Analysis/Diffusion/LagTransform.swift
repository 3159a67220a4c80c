internal import CFFTW
internal import Crystal

/// Sums over all pairs of times with the same lag, by Fourier transforms of FFTW.
@safe struct LagTransform: ~Copyable {
  /// Number of times.
  let count: Int

  /// Points of the transform, at least twice as many: what is beyond the end counts as zero.
  private let points: Int
  private let real: UnsafeMutablePointer<Double>
  private let waves: UnsafeMutablePointer<fftw_complex>
  private let forward: fftw_plan
  private let backward: fftw_plan

  /// Sum of the squared moduli of the transforms so far.
  private var power: [Double]

  /// A sum without series.
  init(count: Int) {
    self.count = count
    points = LagTransform.fastLength(2 * count)
    let half = points / 2 + 1
    guard let real = unsafe fftw_alloc_real(points), let waves = unsafe fftw_alloc_complex(half)
    else { preconditionFailure("no memory for a transform of \(count) times") }
    var plans: (fftw_plan?, fftw_plan?) = (nil, nil)
    let length = Int32(points)
    planningFourierTransforms {
      unsafe plans = (
        fftw_plan_dft_r2c_1d(length, real, waves, UInt32(FFTW_ESTIMATE)),
        fftw_plan_dft_c2r_1d(length, waves, real, UInt32(FFTW_ESTIMATE))
      )
    }
    guard let forward = unsafe plans.0, let backward = unsafe plans.1 else {
      preconditionFailure("no plan for a transform of \(count) times")
    }
    unsafe self.real = real
    unsafe self.waves = waves
    unsafe self.forward = forward
    unsafe self.backward = backward
    power = [Double](repeating: 0, count: half)
  }

  deinit {
    planningFourierTransforms {
      unsafe fftw_destroy_plan(forward)
      unsafe fftw_destroy_plan(backward)
    }
    unsafe fftw_free(real)
    unsafe fftw_free(waves)
  }

  /// The next even number that has no prime factor above 5.
  private static func fastLength(_ least: Int) -> Int {
    var length = max(2, least)
    while true {
      var rest = length
      for prime in [2, 3, 5] { while rest.isMultiple(of: prime) { rest /= prime } }
      if rest == 1, length.isMultiple(of: 2) { return length }
      length += 1
    }
  }

  /// Adds a series.
  mutating func add(_ series: ArraySlice<Double>) {
    precondition(series.count == count, "one value per time")
    var position = 0
    for value in series {
      unsafe real[position] = value
      position += 1
    }
    for rest in count..<points { unsafe real[rest] = 0 }
    unsafe fftw_execute(forward)
    for k in power.indices {
      let (re, im) = unsafe (waves[k].0, waves[k].1)
      power[k] += re * re + im * im
    }
  }

  /// The sums Σ x(t) x(t + L) over t and all series since the last call, for each lag L; starts anew.
  mutating func correlation() -> [Double] {
    for k in power.indices {
      unsafe waves[k].0 = power[k]
      unsafe waves[k].1 = 0
      power[k] = 0
    }
    unsafe fftw_execute(backward)
    let scale = 1 / Double(points)
    return (0..<count).map { unsafe real[$0] * scale }
  }
}

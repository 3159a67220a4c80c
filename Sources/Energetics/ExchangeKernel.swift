/// The inner loops' view of a ``LatticeState`` in which species meet through their charges alone.
///
/// The same formulas as ``LatticeState/exchangeDifference(_:_:)`` and ``LatticeState/exchange(_:_:difference:)``,
/// on pointers that are taken once: three times as fast. Valid only inside
/// ``LatticeState/withChargeKernel(_:)``; indices are not checked.
@unsafe struct ExchangeKernel {
  /// Number of active sites and of species.
  let n, m: Int
  let charges: UnsafePointer<Double>
  private let siteEnergies, coulomb: UnsafePointer<Double>
  /// Species of each site.
  let arrangement: UnsafeMutablePointer<UInt8>
  private let potentials: UnsafeMutablePointer<Double>

  init(
    n: Int, m: Int, siteEnergies: UnsafePointer<Double>, coulomb: UnsafePointer<Double>,
    charges: UnsafePointer<Double>, arrangement: UnsafeMutablePointer<UInt8>,
    potentials: UnsafeMutablePointer<Double>
  ) {
    unsafe self.n = n
    unsafe self.m = m
    unsafe self.siteEnergies = siteEnergies
    unsafe self.coulomb = coulomb
    unsafe self.charges = charges
    unsafe self.arrangement = arrangement
    unsafe self.potentials = potentials
  }

  /// The change of energy if the species of two sites were exchanged, eV.
  @inline(__always)
  func difference(_ i: Int, _ j: Int) -> Double {
    let (a, b) = unsafe (Int(arrangement[i]), Int(arrangement[j]))
    let (hi, hj) = unsafe (siteEnergies + i &* m, siteEnergies + j &* m)
    let d = unsafe charges[b] - charges[a]
    let local = unsafe hi[b] - hi[a] + hj[a] - hj[b]
    return unsafe local + d * (potentials[i] - potentials[j] - d * coulomb[i &* n &+ j])
  }

  /// F: the change of energy if species b sat on a site instead of a, all else fixed, eV.
  @inline(__always)
  func change(_ i: Int, from a: Int, to b: Int) -> Double {
    let h = unsafe siteEnergies + i &* m
    return unsafe h[b] - h[a] + (charges[b] - charges[a]) * potentials[i]
  }

  /// Exchanges the species of two sites.
  @inline(__always)
  func exchange(_ i: Int, _ j: Int) {
    let (a, b) = unsafe (arrangement[i], arrangement[j])
    unsafe arrangement[i] = b
    unsafe arrangement[j] = a
    let d = unsafe charges[Int(b)] - charges[Int(a)]
    if d == 0 { return }
    let (row, other) = unsafe (coulomb + i &* n, coulomb + j &* n)
    var k = 0
    while unsafe k < n {
      unsafe potentials[k] += d * (row[k] - other[k])
      k &+= 1
    }
  }
}

extension LatticeState {
  /// Runs `body` on pointers into the state; nil, without running it, if the table has short-range
  /// interactions between active sites.
  ///
  /// `body` returns the sum of the differences of the exchanges that it made, eV, and a count.
  mutating func withChargeKernel(
    _ body: (ExchangeKernel) -> (change: Double, count: Int)
  ) -> Int? {
    guard table.shortRange.isEmpty, !arrangement.isEmpty else { return nil }
    let table = table
    let result: (change: Double, count: Int)? =
      unsafe table.siteEnergies.withUnsafeBufferPointer { siteEnergies in
        unsafe table.coulomb.withUnsafeBufferPointer { coulomb in
          unsafe table.charges.withUnsafeBufferPointer { charges in
            unsafe arrangement.withUnsafeMutableBufferPointer { arrangement in
              unsafe potentials.withUnsafeMutableBufferPointer { potentials in
                guard let siteEnergies = siteEnergies.baseAddress,
                  let coulomb = coulomb.baseAddress, let charges = charges.baseAddress,
                  let arrangement = arrangement.baseAddress,
                  let potentials = potentials.baseAddress
                else { return nil }
                let kernel = unsafe ExchangeKernel(
                  n: table.siteCount, m: table.species.count, siteEnergies: siteEnergies,
                  coulomb: coulomb, charges: charges, arrangement: arrangement,
                  potentials: potentials)
                return unsafe body(kernel)
              }
            }
          }
        }
      }
    guard let result else { return nil }
    energy += result.change
    return result.count
  }
}

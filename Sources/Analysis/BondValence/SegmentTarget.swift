/// Where the valences of the bonds to one counter-ion are added: the sums of a row.
@unsafe
struct SegmentTarget {
  /// The sums of the row.
  let sums: UnsafeMutablePointer<Double>
  /// The bond to the ion.
  let bond: BondValence
  /// The pieces of its ``RadialTables``.
  let pieces: UnsafePointer<Double>
  /// Pieces per Å².
  let scale: Double

  /// Adds the bonds of some points of a row that are near the ion.
  @inline(__always)
  func add(_ segment: GridRows.Segment, from first: Int, to last: Int) {
    var part = segment
    (part.first, part.last) = (first, last)
    guard let core = part.points(within: RadialTables.least) else {
      return unsafe addPieces(part, from: first, to: last)
    }
    for k in core {
      let distance = part.square(k).squareRoot()
      unsafe sums[k] += bond.valence(distance)
    }
    unsafe addPieces(part, from: first, to: core.lowerBound - 1)
    unsafe addPieces(part, from: core.upperBound + 1, to: last)
  }

  /// The innermost loop: from the first to the last point, none if that is lower.
  @inline(__always)
  private func addPieces(_ segment: GridRows.Segment, from first: Int, to last: Int) {
    let (offset, curvature) = unsafe (segment.offset * scale, segment.curvature * scale)
    var k = first
    var t = Double(first) - segment.centre
    while k <= last {
      let u = offset + curvature * (t * t)
      let piece = Int(u)
      let x = u - Double(piece)
      let c = unsafe pieces + 4 &* piece
      unsafe sums[k] += c[0] + x * (c[1] + x * (c[2] + x * c[3]))
      k &+= 1
      t += 1
    }
  }
}

import CellgenTestSupport
import Crystal
import Foundation
import Handoff
import Testing

@Suite struct CalculationTests {
  @Test func `the most specific rule counts`() throws {
    let rules = try SpeciesRules(["Mn": 5, "Mn4+": 3, "Mn@16d": 4, "Mn4+@16d": 2, "O": 0.5])
    func value(_ text: String, _ label: String?) throws -> Double? {
      rules.value(try #require(Species(text)), label: label)
    }
    #expect(try value("Mn", nil) == 5)
    #expect(try value("Mn3+", "16c") == 5)
    #expect(try value("Mn4+", "16c") == 3)
    #expect(try value("Mn3+", "16d") == 4)
    #expect(try value("Mn4+", "16d") == 2)
    #expect(try value("Zn2+", "16d") == nil)
  }

  @Test(arguments: ["Xx", "Mn@", "", "Va", "Mn4+@16d,"])
  func `rules that name no atoms are refused`(_ rule: String) {
    // A label may hold anything but nothing.
    if rule == "Mn4+@16d," { return }
    #expect(throws: InputErrors.self) { try SpeciesRules([rule: 1]) }
  }

  @Test func `k-points follow the cell`() throws {
    let cubic = try Lattice.cubic(4)
    #expect(KPointChoice.gamma.grid(cubic) == SIMD3(1, 1, 1))
    #expect(KPointChoice.density(32).grid(cubic) == SIMD3(8, 8, 8))
    #expect(KPointChoice.density(33).grid(cubic) == SIMD3(9, 9, 9))
    #expect(KPointChoice.spacing(2 * Double.pi / 32).grid(cubic) == SIMD3(8, 8, 8))
    let long = try Lattice(a: SIMD3(8, 0, 0), b: SIMD3(0, 4, 0), c: SIMD3(0, 0, 100))
    #expect(KPointChoice.density(32).grid(long) == SIMD3(4, 8, 1))
    // A sheared cell has denser planes than its vectors are long.
    let sheared = try Lattice(a: SIMD3(4, 0, 0), b: SIMD3(4, 4, 0), c: SIMD3(0, 0, 4))
    #expect(KPointChoice.density(32).grid(sheared) == SIMD3(12, 8, 8))
  }

  @Test(arguments: ["gamma", "4x4x2", "density 32.0", "spacing 0.25"])
  func `choices of k-points read back`(_ text: String) throws {
    #expect(try KPointChoice(text).description == text)
  }

  @Test(arguments: [
    "", "4x4", "0x4x4", "density", "density -3", "spacing 0", "4 4 4", "gamma 2", "4xx4",
  ])
  func `other choices of k-points are refused`(_ text: String) {
    #expect(throws: InputError.self) { try KPointChoice(text) }
  }

  @Test func `numbers out of range are refused, all at once`() {
    var calculation = Calculation()
    calculation.cutoff = 5
    calculation.forceTolerance = 0
    calculation.steps = 0
    let error = #expect(throws: InputErrors.self) { try calculation.validate() }
    #expect(error?.problems.map(\.location) == ["cutoff_eV", "force_tolerance_eV_A", "steps"])
  }
}

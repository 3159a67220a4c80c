import Crystal
import Testing

struct ColumnTests {
  @Test("what is not known of more atoms is said, and an unknown occupancy is a full one")
  func padding() {
    #expect(Column("label", .text(["8a"])).padded(by: 2).values == .text(["8a", ".", "."]))
    #expect(Column("parent_site", .integer([4])).padded(by: 1).values == .integer([4, -1]))
    #expect(Column("initial_charges", .real([2])).padded(by: 1).values == .real([2, 0]))
    #expect(Column("occupancy", .real([0.5])).padded(by: 1).values == .real([0.5, 1]))
    let free = Column("selective_dynamics", width: 3, .logical([false, true, false]))
    #expect(free.padded(by: 1).values == .logical([false, true, false, true, true, true]))
  }

  @Test("columns of whole and of real numbers go together, others do not")
  func appending() {
    let whole = Column("initial_charges", .integer([2]))
    let real = Column("initial_charges", .real([1.5]))
    #expect(whole.appending(real)?.values == .real([2, 1.5]))
    #expect(real.appending(whole)?.values == .real([1.5, 2]))
    #expect(whole.appending(whole)?.values == .integer([2, 2]))
    #expect(whole.appending(Column("initial_charges", .text(["2"]))) == nil)
    #expect(whole.appending(Column("initial_charges", width: 3, .integer([1, 2, 3]))) == nil)
  }
}

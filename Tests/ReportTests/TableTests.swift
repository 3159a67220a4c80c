import Testing

@testable import Report

@Suite struct TableTests {
  private let table = Table(
    title: "Stable phases", columns: ["Formel", "x", "E_hull (eV/Å³)", "Anmerkung"],
    rows: [
      ["Mg₀.₅ZnMnO₃", "1/2", "−0.25", "größer, \"alt\""], ["ZnMnO3", "0", "12.5", ""],
      ["日本", "0.25", "-1e-3"],
    ])

  @Test func columnsAreAligned() {
    #expect(
      table.text == """
        Stable phases
        Formel          x  E_hull (eV/Å³)  Anmerkung
        ───────────  ────  ──────────────  ─────────────
        Mg₀.₅ZnMnO₃   1/2           −0.25  größer, "alt"
        ZnMnO3          0            12.5
        日本         0.25           -1e-3

        """)
  }

  @Test func fieldsAreQuoted() {
    #expect(
      table.csv == """
        Formel,x,E_hull (eV/Å³),Anmerkung
        Mg₀.₅ZnMnO₃,1/2,−0.25,"größer, ""alt""\"
        ZnMnO3,0,12.5,
        日本,0.25,-1e-3,

        """)
    #expect(
      csvText(header: ["a"], rows: [["two\nlines"], [" b"], ["#c"]])
        == "a\n\"two\nlines\"\n\" b\"\n\"#c\"\n")
  }

  @Test func tablesWithoutRowsOrColumns() {
    #expect(Table(columns: ["a", "b"]).text == "a  b\n─  ─\n")
    #expect(Table(columns: []).text == "\n\n")
    #expect(Table(columns: ["a"], rows: [["x", "extra"], []]).text == "a\n─\nx\n\n")
  }
}

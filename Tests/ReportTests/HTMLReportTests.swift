import CellgenTestSupport
import Testing

@testable import Report

@Suite struct HTMLReportTests {
  @Test func theReportIsTheStoredOneAndLoadsNothing() throws {
    var convergence = Samples.convergence(generations: 5, individuals: 3)
    convergence.title = RichText(formula: "Mg0.5ZnMnO3")
    let report = HTMLReport(
      title: "cellgen ga: Mg0.5ZnMnO3 <3x3x3>", subtitle: "seed 1",
      parts: [
        .values([("Composition", "Mg144Zn288Mn288O864"), ("Best energy", "−8.0531 eV/atom")]),
        .note("The model ranks candidates; it gives no voltages."), .heading("Convergence"),
        .figure(svg: convergence.svg(), caption: RichText("Energies, /{E}_{hull} & more.")),
        .paragraph("a < b"),
        .table(
          Table(
            title: "Best", columns: ["id", "E (eV)"], rows: [["001", "-1.5"], ["<2>", "-1"]])),
      ])
    let html = report.html()
    let (elements, text) = expectXML(html)
    #expect(elements["script"] == nil)
    #expect(elements["figure"] == 1)
    #expect(!html.contains("src=") && !html.contains("href="))
    #expect(html.replacing("http://www.w3.org/", with: "").contains("http") == true)
    #expect(text.contains("Figure 1."))
    try expectGolden(html, "report.html", in: dataFolder())
  }

  @Test func anEmptyReportIsWellFormed() {
    expectXML(HTMLReport(title: "").html())
  }
}

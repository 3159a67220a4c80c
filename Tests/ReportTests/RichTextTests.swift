import Testing

@testable import Report

@Suite struct RichTextTests {
  @Test(
    "formulas get subscripts",
    arguments: [
      ("Mg0.5ZnMnO3", "Mg<sub>0.5</sub>ZnMnO<sub>3</sub>"),
      ("Mg1/3ZnMnO3", "Mg<sub>1/3</sub>ZnMnO<sub>3</sub>"),
      ("MgxZnMnO3", "Mg<sub>x</sub>ZnMnO<sub>3</sub>"), ("XeF2", "XeF<sub>2</sub>"),
      ("Mg(Mn2O4)2", "Mg(Mn<sub>2</sub>O<sub>4</sub>)<sub>2</sub>"), ("", ""),
    ])
  func formulas(formula: String, html: String) {
    #expect(RichText(formula: formula).html == html)
    #expect(RichText(formula: formula).plain == formula)
  }

  @Test(
    "markup",
    arguments: [
      ("/{E}_{hull} (eV)", "<i>E</i><sub>hull</sub> (eV)"), ("Mg^{2+}", "Mg<sup>2+</sup>"),
      ("a_b /c ^", "a_b /c ^"), ("_{open", "<sub>open</sub>"), ("_{}x", "x"), ("a<b", "a&lt;b"),
    ])
  func markup(markup: String, html: String) {
    #expect(RichText(markup).html == html)
  }

  @Test func textIsEscaped() {
    #expect(
      xmlEscaped("<a href=\"x\">'&'</a>\u{0}\u{8}") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;"
        + "&#39;&lt;/a&gt;\u{FFFD}\u{FFFD}")
    let svg = ConvergenceChart(individuals: [], title: RichText(plain: "</svg><script>\u{1}"))
      .svg()
    let (elements, _) = expectXML(svg)
    #expect(elements["script"] == nil)
  }
}

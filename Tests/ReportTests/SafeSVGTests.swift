import Testing

@testable import Report

@Suite struct SafeSVGTests {
  @Test("every chart of cellgen passes as it is")
  func charts() {
    let line = LineChart(
      panels: [
        LineChart.Panel(
          title: RichText("a < b & c"),
          series: [
            LineChart.Series(
              name: RichText("/{g}(/{r})"),
              points: (0..<9).map { LineChart.Point(x: Double($0), y: Double($0 * $0), error: 2) },
              style: .curve, band: [Double](repeating: 1, count: 9)),
            LineChart.Series(
              name: RichText("b"), points: [LineChart.Point(x: 1, y: 2)], style: .hollow),
          ])
      ], xTitle: RichText("/{r} (Å)"), yTitle: RichText("/{g}")
    ).svg()
    let bars = BarChart(
      title: RichText("x"),
      series: [
        BarChart.Series(
          name: RichText("O around Mg"), bars: [BarChart.Bar(place: 4, value: 2, error: 1)])
      ], xTitle: RichText("n"), yTitle: RichText("%")
    ).svg()
    for svg in [line, bars, Samples.convergence(generations: 5, individuals: 3).svg()] {
      #expect(SafeSVG(svg)?.text == svg)
      expectXML(svg)
    }
  }

  @Test(
    "what could run, load or break out of the page does not pass",
    arguments: [
      "", "text", "<p>x</p>", "<svg>", "<svg></svg><script/>", "<svg></svg>x", "<svg></g>",
      "<svg><script>alert(1)</script></svg>", "<svg onload=\"alert(1)\"></svg>",
      "<svg><a href=\"x\"></a></svg>", "<svg><image href=\"x\"/></svg>",
      "<svg><use href=\"#a\"/></svg>", "<svg><style>p{}</style></svg>",
      "<svg style=\"x\"></svg>", "<svg><rect fill=\"url(#a)\"/></svg>",
      "<svg><rect fill=\"javascript:x\"/></svg>", "<svg><rect x=\"1\" x=\"2\"/></svg>",
      "<svg><!-- x --></svg>", "<svg><![CDATA[x]]></svg>", "<?xml version=\"1.0\"?><svg></svg>",
      "<!DOCTYPE svg><svg></svg>", "<svg>&x;</svg>", "<svg>& </svg>", "<svg><rect x=1/></svg>",
      "<svg><text>a</text></svg></main>", "<svg><foreignObject></foreignObject></svg>",
      "<svg xmlns=\"http://example.org\"></svg>", "<svg><rect x=\"<\"/></svg>", "<svg><rect",
    ])
  func refused(text: String) {
    #expect(SafeSVG(text) == nil)
  }

  @Test("what is allowed: the elements of charts, references, white space around")
  func accepted() {
    let text =
      "\n <svg xmlns=\"http://www.w3.org/2000/svg\"><text x=\"1\">a &lt; b &#181;</text><g/></svg>\n"
    #expect(SafeSVG(text) != nil)
  }
}

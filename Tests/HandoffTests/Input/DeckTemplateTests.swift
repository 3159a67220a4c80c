import Crystal
import Handoff
import Testing

@Suite struct DeckTemplateTests {
  @Test func `places are filled, conditions and loops followed`() throws {
    let template = DeckTemplate(
      """
      a = {{ a }}
      {% if yes %}
      shown
      {% endif %}
      {% if not yes %}
      hidden
      {% endif %}
      {% for line in lines %}
      - {{ line }}
      {% endfor %}
      end
      """, file: "t")
    let text = try template.rendered([
      "a": .text("1"), "yes": .flag(true), "lines": .list(["x", "y"]),
    ])
    #expect(text == "a = 1\nshown\n- x\n- y\nend")
  }

  @Test(arguments: [
    ("one\n{{ cutof }}\n", "t:2", "unknown variable \"cutof\""),
    ("{% if nothing %}x{% endif %}", "t:1", "unknown variable \"nothing\""),
    ("\n\n{% for x in none %}{% endfor %}", "t:3", "unknown variable \"none\""),
    ("{% include \"/etc/passwd\" %}", "t:1", "unknown tag {% include \"/etc/passwd\" %}"),
    ("{% for x of cutoff %}{% endfor %}", "t:1", "expected {% for name in list %}"),
    ("{% for x in cutoff %}{% endfor %}{{ x }}", "t:1", "unknown variable \"x\""),
  ])
  func `mistakes have a file and a line`(_ text: String, _ place: String, _ message: String) {
    let error = #expect(throws: InputError.self) {
      try DeckTemplate(text, file: "t").rendered(["cutoff": .text("1")])
    }
    #expect(error?.location == place)
    #expect(error?.message == message)
  }

  @Test(arguments: ["{% if cutoff %}x", "{% endfor %}", "{{ cutoff|nofilter }}"])
  func `templates that do not end are refused`(_ text: String) {
    #expect(throws: InputError.self) {
      try DeckTemplate(text, file: "t").rendered(["cutoff": .text("1")])
    }
  }
}

import Fields
import Oracles
import Testing
import YAML

private protocol Shade: CatalogType {}

private struct Black: Shade {
  static let reference = Reference("black", formula: "0", discussion: "", example: "black")
  static let fields: [Field<Black>] = []
}

private struct Gray: Shade {
  var level = 0.5
  static let reference = Reference(
    "gray", formula: "level", discussion: "", example: "{type: gray, level: 0.2}")
  static let fields: [Field<Gray>] = [.optional("level", \.level, "Its brightness.")]
}

private enum ShadeCatalog: FieldCatalog {
  static let all = Catalog<any Shade>(
    of: "shade", [Catalog.Entry(Black.self) { $0 }, Catalog.Entry(Gray.self) { $0 }])

  static func catalogType(_ shade: any Shade) -> any CatalogType { shade }
}

private struct Wall: FieldOwner {
  var shade = CatalogField<ShadeCatalog>(Black())
  static let fields: [Field<Wall>] = [.optional("shade", \.shade, "Its shade.")]
}

@Suite struct CatalogFieldTests {
  private func read(_ text: String) throws -> (wall: Wall?, mistakes: String) {
    var diagnostics = Diagnostics()
    let wall = try parsed("shade: \(text)\n").decode(Wall.self, of: "wall", &diagnostics)
    return (wall, diagnostics.rendered)
  }

  @Test(arguments: [
    ("black", #""black""#), ("{type: black}", #""black""#),
    ("gray", #"{"type": "gray", "level": 0.5}"#),
    ("{level: 0.25, type: gray}", #"{"type": "gray", "level": 0.25}"#),
  ]) func isReadAndWrittenBack(_ text: String, _ encoded: String) throws {
    let (wall, mistakes) = try read(text)
    #expect(wall?.shade.encoded.outline == encoded)
    #expect(mistakes.isEmpty)
  }

  @Test(arguments: [
    ("[gray]", "1:8: error: shade: expected a shade (black, gray), received a list of 1"),
    (
      "grey",
      "1:8: error: unknown shade type 'grey' (known types: black, gray); did you mean 'gray'?"
    ),
    (
      "{level: 1}",
      "1:8: error: shade: 'type' is missing: expected a shade type (black, gray)"
    ),
    ("{type: gray, level: x}", "1:28: error: level: expected a number, received 'x'"),
  ]) func mistakeIsReportedAtItsPlace(_ text: String, _ mistake: String) throws {
    let (wall, mistakes) = try read(text)
    #expect(wall == nil)
    let lines = mistakes.split(separator: "\n")
    #expect(lines.first?.hasSuffix(mistake) == true, "\(mistakes)")
    #expect(lines.count { $0.contains(" error: ") } == 1)
  }
}

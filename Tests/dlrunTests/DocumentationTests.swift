import DataSources
import Foundation
import Layers
import Models
import Solvers
import Testing
import YAML

/// What the documentation shows is what dlrun does.
@Suite struct DocumentationTests {
  private func page(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Program.package)/\(path)", encoding: .utf8)
  }

  /// The first block of YAML in a page.
  private func firstModel(in page: String) throws -> String {
    let start = try #require(page.range(of: "```yaml\n"))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    return String(page[start.upperBound..<end.lowerBound])
  }

  /// A folder as `models` is, with the README's model in it.
  private func folder(with model: String) throws -> Folder {
    let folder = try Folder()
    try folder.write(model, to: "iris.yaml")
    let data = try Program.shell("cp -r '\(Program.package)/models/data' .", in: folder)
    try #require(data.exitCode == 0)
    return folder
  }

  @Test func theModelOfTheReadmeReachesWhatItExpects() throws {
    let folder = try folder(with: try firstModel(in: try page("README.md")))
    let result = try Program.run(["iris.yaml"], in: folder)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("(expected >= 0.93: met)"))
    #expect(result.output.contains("written to runs/iris/001/ "))
  }

  @Test func theMistakeOfTheReadmeIsReportedAsItSays() throws {
    let readme = try page("README.md")
    let model = try firstModel(in: readme)
    let folder = try folder(with: model.replacing("  momentum: 0.9", with: "  momentun: 0.9"))
    let result = try Program.run(["check", "iris.yaml"], in: folder)
    #expect(result.exitCode == 1)
    let indented = result.errors.split(separator: "\n").map { "    \($0)\n" }.joined()
    #expect(indented.hasPrefix("    iris.yaml:"))
    #expect(readme.contains("\n\n\(indented)\n"))
  }

  /// Commands and shipped models, each in a row of its table.
  @Test func theReadmeNamesEveryCommandAndModel() throws {
    let readme = try page("README.md")
    for command in [
      "train FILE", "check FILE", "show FILE", "plan FILE", "expand FILE", "test RUN",
      "predict RUN", "record FILE", "verify FILE",
      "gradcheck FILE", "trace FILE", "time FILE", "help-layer",
    ] {
      #expect(readme.contains("`dlrun \(command)"), "\(command)")
    }
    let models = try FileManager.default.contentsOfDirectory(atPath: "\(Program.package)/models")
      .filter { $0.hasSuffix(".yaml") }
    for model in models { #expect(readme.contains("\n| `models/\(model)` | "), "\(model)") }
    // And no row without its model.
    let rows = readme.split(separator: "\n").count { $0.hasPrefix("| `models/") }
    #expect(rows == models.count)
  }

  /// The tables between markers are what the command of the marker prints.
  @Test(arguments: [
    "help-layer", "help-solver", "help-policy", "help-regularizer", "help-filler", "help-source",
  ])
  func theLanguagePageHasTheTablesOfTheCatalogs(command: String) throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    let marker = "<!-- dlrun \(command) --markdown -->\n\n"
    let tables = page.split(separator: marker, omittingEmptySubsequences: false).dropFirst().map {
      String($0.prefix(upTo: $0.range(of: "\n\n<!-- end -->")?.lowerBound ?? $0.startIndex))
    }
    let printed = try Program.run([command, "--markdown"], in: Folder())
    #expect(printed.exitCode == 0)
    #expect(printed.output.contains("\n| `"))
    #expect(tables.joined(separator: "\n\n") + "\n" == printed.output)
  }

  @Test func theTablesAreOfAllEntries() throws {
    let result = try Program.run(["help-layer", "Linear", "--markdown"], in: Folder())
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("--markdown prints all entries: expected no name"))
  }

  /// Every field that stands in no table stands in the page of the language, as code.
  @Test func theLanguagePageNamesEveryField() throws {
    let page = try page("Sources/dlrun/dlrun.docc/ModelLanguage.md")
    let fields =
      ParameterOptions.fieldDescriptions + Warmup.fieldDescriptions + EarlyStop.fieldDescriptions
      + ModelFile.fieldDescriptions
    #expect(fields.count > 10)
    for field in fields { #expect(page.contains("`\(field.name)"), "\(field.name) is missing") }
  }

  /// The comment of every type begins with a paragraph that has the formula of the help page.
  @Test func commentsHaveTheFormula() throws {
    var formulas: [(type: String, formula: String)] = []
    func add<Product>(_ catalog: Catalog<Product>) {
      formulas += catalog.entries.map { (String(describing: $0.type), $0.reference.formula) }
    }
    add(LayerCatalog.all)
    add(FillerCatalog.all)
    add(SolverCatalog.all)
    add(PolicyCatalog.all)
    add(RegularizerCatalog.all)
    var comments: [String: String] = [:]
    for folder in ["Layers", "Solvers"] {
      let root = "\(Program.package)/Sources/\(folder)"
      for path in try FileManager.default.subpathsOfDirectory(atPath: root)
      where path.hasSuffix(".swift") {
        var comment: [Substring] = []
        for line in try page("Sources/\(folder)/\(path)").split(
          separator: "\n", omittingEmptySubsequences: false)
        {
          if line.hasPrefix("///") {
            comment.append(line.dropFirst(line.hasPrefix("/// ") ? 4 : 3))
          } else {
            if let name = line.firstMatch(of: /^package (?:final )?(?:struct|class) (\w+)/)?.1 {
              comments[String(name)] = comment.prefix { !$0.isEmpty }.joined(separator: " ")
            }
            comment = []
          }
        }
      }
    }
    #expect(formulas.count > 100)
    for (type, formula) in formulas {
      let comment = try #require(comments[type], "\(type) has no comment")
      #expect(comment.contains(formula), "\(type)")
    }
  }
}
